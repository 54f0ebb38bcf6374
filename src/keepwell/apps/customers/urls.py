from __future__ import annotations

from django.urls import path

from keepwell.apps.customers.views import customer_list, details, identity, lists, many, people

urlpatterns = [
    path("customers/", customer_list.customers, name="customers"),
    path("totals/customers/", customer_list.how_many, name="customer_total"),
    path("export/customers.csv", customer_list.export, name="customer_export"),
    path("bulk/", many.bulk, name="bulk"),
    path("bulk/<int:bulk_id>/undo/", many.undo, name="undo_bulk"),
    path("views/", many.save, name="save_view"),
    path("views/<int:view_id>/delete/", many.delete, name="delete_view"),
    path("lists/", lists.lists, name="lists"),
    path("lists/<int:list_id>/", lists.one, name="account_list"),
    path("lists/<int:list_id>/rename/", lists.rename, name="rename_list"),
    path("lists/<int:list_id>/delete/", lists.delete, name="delete_list"),
    path("lists/<int:list_id>/add/", lists.add, name="add_to_list"),
    path("lists/<int:list_id>/remove/", lists.remove, name="remove_from_list"),
    path("customers/<str:account_id>/details/", details.details, name="account_details"),
    path("customers/<str:account_id>/stage/", details.stage, name="set_stage"),
    path("customers/<str:account_id>/owner/", details.owner, name="set_owner"),
    path("customers/<str:account_id>/owner/give-back/", details.owner_back, name="give_back_owner"),
    path("customers/<str:account_id>/merge/", details.merge, name="merge_accounts"),
    path("customers/<str:account_id>/unmerge/", details.unmerge, name="undo_merge"),
    path("customers/<str:account_id>/people/add/", people.add, name="add_person"),
    path("people/<uuid:key>/", people.change, name="change_person"),
    path("people/<uuid:key>/left/", people.left, name="mark_left"),
    path("people/<uuid:key>/erase/", people.erase, name="erase_person"),
    path("people/<uuid:key>/merge/", people.merge, name="merge_people"),
    path("people/<uuid:key>/unmerge/", people.unmerge, name="undo_merge_of_people"),
    path("configure/identity/", identity.identity, name="identity"),
    path("configure/identity/look/", identity.look, name="look_for_ids"),
    path("configure/identity/<int:source_id>/link/", identity.link, name="link_id"),
    path("configure/identity/<int:source_id>/create/", identity.create, name="create_account_of_id"),
    path("configure/identity/<int:source_id>/ignore/", identity.ignore, name="ignore_id"),
    path("configure/identity/<int:source_id>/undo/", identity.undo, name="undo_id"),
]
