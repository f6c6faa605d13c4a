from django.contrib import admin

from .models import Order


@admin.register(Order)
class OrderAdmin(admin.ModelAdmin):
    """The copies, read-only: orders change only in their own database."""

    list_display = ["number", "amount", "state", "paid_at", "method", "overpaid"]
    list_filter = ["state", "created_at"]
    search_fields = ["number"]

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
