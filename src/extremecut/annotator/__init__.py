"""The annotator: a folder of photos, labelled in the browser.

`app.create_app` makes the web application, `serve.serve` runs it. Everything that takes longer
than a moment runs off the event loop: decoding (`photos`), tiles (`tiles`), the network (`turns`),
and the database in the threads that FastAPI keeps for blocking functions.
"""
