"""Does the score predict? Outcomes, observations without look-ahead, and figures that say how sure they are.

Handed a `keepwell.engine.facts.FactSource` like the engine. Libraries of the extra `keepwell[learning]` are imported
where they are used.
"""
