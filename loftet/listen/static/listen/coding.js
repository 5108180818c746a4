// A sign chooses a theme, Enter goes on. Without this one uses Tab and the space bar.

const form = document.querySelector(".themes");

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("a, select")) return;
  const theme = form.querySelector(`[data-sign="${event.key.length === 1 ? CSS.escape(event.key.toLowerCase()) : "none"}"]`);
  if (theme) {
    event.preventDefault();
    theme.checked = !theme.checked;
    theme.focus();
  } else if (event.key === "Enter" && !event.target.matches("button, summary")) {
    event.preventDefault();
    form.requestSubmit();
  }
});
