"""Widgets and pictures shared by the pages; the only place with session state and Streamlit caches."""
