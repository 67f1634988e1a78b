namespace GanOnnx.Inference;

/// <summary>How a picture of a size is translated: in which pieces, and whether that shows.</summary>
/// <param name="Tiles">How many pieces; 1 is the whole picture.</param>
/// <param name="TileHeight">Height of what the model sees at a time.</param>
/// <param name="TileWidth">Width of it.</param>
/// <param name="Height">Height of the result.</param>
/// <param name="Width">Width of the result.</param>
/// <param name="IsExact">Whether the result is what the whole picture would give, but for rounding. Otherwise tiles are blended into one another:
/// the model looks at the whole picture, as one that normalizes over it does, or is of a fixed size.</param>
public sealed record TilePlan(int Tiles, int TileHeight, int TileWidth, int Height, int Width, bool IsExact);
