"""From an order to its end: lifecycle, queue, workers, webhooks."""
