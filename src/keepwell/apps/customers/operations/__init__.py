"""Writes about customers: each is permission, rule, change and audit in one transaction."""

from keepwell.apps.customers.operations.accounts import give_back_owner, move_by_hand, set_owner, set_stage
from keepwell.apps.customers.operations.bulk import change_many, undo_change_of_many
from keepwell.apps.customers.operations.identity import merge_accounts, undo_merge
from keepwell.apps.customers.operations.lists import add_to_list, delete_list, make_list, remove_from_list, rename_list
from keepwell.apps.customers.operations.merging_people import merge_people, undo_merge_of_people
from keepwell.apps.customers.operations.people import add_person, change_person, erase_person, mark_left
from keepwell.apps.customers.operations.saved_views import delete_view, save_view
from keepwell.apps.customers.operations.source_ids import create_account, ignore_id, link_id, undo_decision

__all__ = [
    "add_person",
    "add_to_list",
    "change_many",
    "change_person",
    "create_account",
    "delete_list",
    "delete_view",
    "erase_person",
    "give_back_owner",
    "ignore_id",
    "link_id",
    "make_list",
    "mark_left",
    "merge_accounts",
    "merge_people",
    "move_by_hand",
    "remove_from_list",
    "rename_list",
    "save_view",
    "set_owner",
    "set_stage",
    "undo_change_of_many",
    "undo_decision",
    "undo_merge",
    "undo_merge_of_people",
]
