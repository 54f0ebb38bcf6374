"""Values to scores, in NumPy: shapes, sources, validity, percentiles, roll-up, bands, overrides. Arrays in, arrays out.

Scores are float64 in 0..100, NaN for null; [n] runs over entities, [m, n] over measures too, [G, n] over groups.
"""
