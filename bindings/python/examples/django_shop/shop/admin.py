from django.contrib import admin

from .models import Order


@admin.register(Order)
class OrderAdmin(admin.ModelAdmin):
    """The mirror, to look at: orders change in their own database alone."""

    list_display = ["number", "amount", "state", "paid_at", "method", "overpaid"]
    list_filter = ["state", "created_at"]
    search_fields = ["number"]

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
