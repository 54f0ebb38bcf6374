"""The way of an event in: a WSGI application of its own in front of the pages.

What it answered 200 for is committed. Nothing here is Django's but the address of the database.
"""
