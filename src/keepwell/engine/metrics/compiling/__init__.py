"""How each part of the expression language is said in Ibis, so that it means the same on every backend."""
