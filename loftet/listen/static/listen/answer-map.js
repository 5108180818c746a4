// A map for each mark: borders and names from our own server, nothing from anyone else's. It only
// fills two hidden fields; the list of places and the description beside it do the same work.

const L = window.L;
const boxes = [...document.querySelectorAll("[data-map]")];

function button(text, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "button quiet small-button";
  made.textContent = text;
  made.addEventListener("click", act);
  return made;
}

const SWEDEN = [[55.3, 11], [69.1, 24.2]];

/** What the map shows at first: the borders, else the named places, else the country. */
function bounds(features) {
  const borders = features.filter(({ geometry }) => geometry.type !== "Point");
  const found = L.geoJSON(borders.length ? borders : features).getBounds();
  return found.isValid() ? found : L.latLngBounds(SWEDEN);
}

/** Names that would lie on top of others wait until one has zoomed in. */
function declutter(surface) {
  const shown = [];
  for (const name of surface.querySelectorAll(".place-name")) {
    const own = name.getBoundingClientRect();
    const crowded = shown.some(
      (other) =>
        own.left < other.right && other.left < own.right && own.top < other.bottom && other.top < own.bottom,
    );
    name.classList.toggle("crowded", crowded);
    if (!crowded) shown.push(own);
  }
}

function drawn(box, data) {
  const words = box.dataset;
  const surface = document.createElement("div");
  surface.className = "map";
  surface.dir = "ltr";
  surface.setAttribute("role", "application");
  surface.setAttribute("aria-label", words.label);
  const hint = document.createElement("p");
  hint.className = "hint";
  hint.textContent = words.hint;
  const told = document.createElement("p");
  told.className = "counted";
  told.setAttribute("role", "status");
  const buttons = document.createElement("div");
  buttons.className = "buttons";
  box.append(hint, surface, told, buttons);
  box.hidden = false;
  box.parentElement.querySelector(".no-script")?.remove();

  const map = L.map(surface, { attributionControl: false, zoomControl: false, maxZoom: 17, zoomSnap: 0.5 });
  L.control.zoom({ zoomInTitle: words.in, zoomOutTitle: words.out }).addTo(map);
  const around = bounds(data.features);
  map.fitBounds(around, { padding: [12, 12] }).setMaxBounds(around.pad(1));
  L.geoJSON(data.features.filter(({ geometry }) => geometry.type !== "Point"), {
    className: "border",
    interactive: false,
    weight: 1.5,
    fillOpacity: 1,
    onEachFeature: ({ properties }, layer) =>
      layer.bindTooltip(properties.name, { permanent: true, direction: "center", className: "place-name area-name" }),
  }).addTo(map);
  const points = data.features.filter(({ geometry }) => geometry.type === "Point");
  const named = new Map();
  for (const { geometry, properties } of points) {
    const [lon, lat] = geometry.coordinates;
    named.set(String(properties.id), [lat, lon]);
    L.circleMarker([lat, lon], { radius: 4, className: "named", interactive: false, fillOpacity: 1 })
      .bindTooltip(properties.name, { permanent: true, direction: "right", className: "place-name" })
      .addTo(map);
  }
  const lat = document.getElementById(words.lat);
  const lon = document.getElementById(words.lon);
  const list = document.getElementById(words.named);
  let pin = null;
  const clear = button(words.clear, () => put(null));

  function put(at) {
    pin?.remove();
    pin = at && L.circleMarker(at, { radius: 11, weight: 3, className: "pin", interactive: false, fillOpacity: 1 }).addTo(map);
    lat.value = at ? L.latLng(at).lat.toFixed(5) : "";
    lon.value = at ? L.latLng(at).lng.toFixed(5) : "";
    told.textContent = at ? words.pointed : "";
    clear.hidden = !at;
  }

  buttons.append(button(words.middle, () => { put(map.getCenter()); if (list) list.value = ""; }), clear);
  map.on("click", ({ latlng }) => { put(latlng); if (list) list.value = ""; });
  list?.addEventListener("change", () => {
    const at = named.get(list.value);
    if (!at) return;
    put(at);
    map.setView(at, Math.max(map.getZoom(), 13), { animate: false });
  });
  const number = (field) => Number(field.value.replace(",", "."));
  put(lat.value && lon.value ? [number(lat), number(lon)] : null);
  map.on("zoomend", () => declutter(surface));
  box.closest("details")?.addEventListener("toggle", () => {
    map.invalidateSize().fitBounds(around);
    declutter(surface);
  });
  declutter(surface);
  box.dataset.ready = "1";
}

if (L && boxes.length) {
  const answer = await fetch(boxes[0].dataset.map);
  if (answer.ok) {
    const data = await answer.json();
    boxes.forEach((box) => drawn(box, data));
  }
}
