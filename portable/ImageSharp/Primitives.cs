namespace SixLabors.ImageSharp;

public struct Size
{
    public Size(int width, int height) => (Width, Height) = (width, height);

    public int Width { get; set; }

    public int Height { get; set; }
}

public struct Rectangle
{
    public Rectangle(int x, int y, int width, int height) => (X, Y, Width, Height) = (x, y, width, height);

    public int X { get; set; }

    public int Y { get; set; }

    public int Width { get; set; }

    public int Height { get; set; }

    public int Right => X + Width;

    public int Bottom => Y + Height;
}
