"""Ask and receive: surveys and answers, the contact centre and its cases."""
