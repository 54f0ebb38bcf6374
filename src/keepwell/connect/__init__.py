"""What is fetched from other systems and written back to them, whoever asks: no Django here.

`kinds/<kind>` is one folder a kind of source, all of the same shape; see docs/how-to/add-a-connector.md.
"""
