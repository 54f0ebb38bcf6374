"""The report builder: a widget from dataset, dimensions, numbers and chart, drawn at once, and saved to a dashboard."""
