"""The compiled half of the engine: scalars, arrays and NamedTuples in, arrays out."""
