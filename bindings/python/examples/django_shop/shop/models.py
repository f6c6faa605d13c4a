from django.db import models


class Order(models.Model):
    """A copy of an order from its last event, for lists and joins. The orders' own database is the
    source of truth."""

    number = models.CharField(max_length=64, primary_key=True)
    amount = models.PositiveBigIntegerField()
    state = models.CharField(max_length=9, db_index=True)
    created_at = models.DateTimeField(db_index=True)
    paid_at = models.DateTimeField(null=True)
    method = models.CharField(max_length=255)
    overpaid = models.PositiveBigIntegerField(default=0)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.number


class EventCursor(models.Model):
    """The cursor of the last copied event; one row."""

    cursor = models.PositiveBigIntegerField()


class Shipment(models.Model):
    """What was shipped, each order once."""

    number = models.CharField(max_length=64, primary_key=True)
    shipped_at = models.DateTimeField(auto_now_add=True)
