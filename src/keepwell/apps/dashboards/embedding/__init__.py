"""Dashboards in pages of others: by a link that ends, under the rights of whoever made it."""
