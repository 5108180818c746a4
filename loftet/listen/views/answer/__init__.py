"""The public pages where a survey is answered, without login, with or without JavaScript."""
