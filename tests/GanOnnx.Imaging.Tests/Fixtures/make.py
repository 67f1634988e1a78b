"""Makes the pictures beside it with Pillow, a program that has nothing to do with ImageSharp.

Run with python3 (Debian: python3-pil) in this folder. The tests state the pixels; this file says where they come from.
"""
import io
import struct
import zlib

from PIL import Image

# A 16×16 picture of four flat 8×8 quarters: blocks that JPEG keeps nearly exact.
quarters = Image.new("RGB", (16, 16))
for box, colour in [((0, 0, 8, 8), (200, 40, 40)), ((8, 0, 16, 8), (40, 200, 40)),
                    ((0, 8, 8, 16), (40, 40, 200)), ((8, 8, 16, 16), (230, 230, 230))]:
    quarters.paste(colour, box)

quarters.save("quarters.png")
quarters.save("quarters.bmp")
quarters.save("quarters.jpg", quality=95, subsampling=0)
quarters.save("quarters-progressive.jpg", quality=95, subsampling=0, progressive=True)
quarters.save("quarters.webp", lossless=True)
quarters.save("quarters-lossy.webp", quality=95)
quarters.quantize(4).save("quarters-palette.png")
quarters.quantize(4).save("quarters.gif")

# The same picture stored flipped and turned, with the EXIF orientation that says how to undo it (6: turn clockwise to show).
flips = Image.Transpose
stored = [None, None, flips.FLIP_LEFT_RIGHT, flips.ROTATE_180, flips.FLIP_TOP_BOTTOM,
          flips.TRANSPOSE, flips.ROTATE_90, flips.TRANSVERSE, flips.ROTATE_270]
for orientation in range(2, 9):
    exif = Image.Exif()
    exif[0x0112] = orientation
    quarters.transpose(stored[orientation]).save(f"turned-{orientation}.jpg", quality=95, subsampling=0, exif=exif)

# A JPEG thumbnail inside the EXIF block, as cameras write it, in a file that is cut in the middle of its scan.
thumbnail = io.BytesIO()
quarters.save(thumbnail, "jpeg")
whole = io.BytesIO()
Image.effect_noise((64, 64), 50).save(whole, "jpeg", quality=95)
app1 = b"Exif\0\0" + b"MM\0*\0\0\0\x08\0\0\0\0\0\0" + thumbnail.getvalue()
whole = whole.getvalue()[:2] + b"\xFF\xE1" + struct.pack(">H", len(app1) + 2) + app1 + whole.getvalue()[2:]
open("cut-with-thumbnail.jpg", "wb").write(whole[: len(whole) * 3 // 4])

# Three frames; the first is red.
frames = [Image.new("P", (16, 16), i) for i in range(3)]
for frame in frames:
    frame.putpalette([255, 0, 0, 0, 255, 0, 0, 0, 255])
frames[0].save("frames.gif", save_all=True, append_images=frames[1:], duration=100)

# Grey ramp 0 … 255 from left to right, 64 × 64, and its halved copy by Pillow's antialiased bicubic.
ramp = Image.new("L", (64, 64))
ramp.putdata([round(x * 255 / 63) for _ in range(64) for x in range(64)])
ramp.save("ramp.png")

# A busy picture and Pillow's antialiased bicubic resize of it (the same kernel: Keys, a = −½). Values from 64 to 191, because
# Pillow clips overshoots between its two passes and other programs don't.
busy = Image.new("RGB", (60, 60))
busy.putdata([(64 + (x * 7 + y * 3) % 128, 64 + (x * x + y) % 128, 64 + (x ^ y) * 4 % 128) for y in range(60) for x in range(60)])
busy.save("busy.png")
busy.resize((16, 16), Image.Resampling.BICUBIC).save("busy-16.png")
busy.resize((90, 90), Image.Resampling.BICUBIC).save("busy-90.png")

# Wide: red, white and blue stripes of 16 × 16; the centre is white.
wide = Image.new("RGB", (48, 16), (255, 255, 255))
wide.paste((255, 0, 0), (0, 0, 16, 16))
wide.paste((0, 0, 255), (32, 0, 48, 16))
wide.save("wide.png")
wide.transpose(Image.Transpose.ROTATE_90).save("tall.png")

# Black at four opacities: 0, 1/3, 2/3, 1 in 8 × 8 quarters.
alpha = Image.new("RGBA", (16, 16))
for box, a in [((0, 0, 8, 8), 0), ((8, 0, 16, 8), 85), ((0, 8, 8, 16), 170), ((8, 8, 16, 16), 255)]:
    alpha.paste((0, 0, 0, a), box)
alpha.save("alpha.png")
alpha.save("alpha.webp", lossless=True, exact=True)

# 16 bits per channel, grey and RGB, one value each; Pillow writes no 16-bit RGB, so the chunks are put together here.
def png(width, height, depth, colour_type, rows):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    header = struct.pack(">IIBBBBB", width, height, depth, colour_type, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b"")

GREY, RGB = 0, 2
open("grey-16-bit.png", "wb").write(png(16, 16, 16, GREY, (b"\0" + struct.pack(">16H", *[0x4080] * 16)) * 16))
open("rgb-16-bit.png", "wb").write(png(16, 16, 16, RGB, (b"\0" + struct.pack(">48H", *[0x2010, 0x8040, 0xE0F0] * 16)) * 16))
# A valid header and no more than one row of pixels: it must be refused by its size alone.
open("huge.png", "wb").write(png(50_000, 50_000, 8, GREY, bytes(50_001)))

# Cut in the middle of the pixels.
for name in ["busy.png", "busy.jpg", "busy.webp", "busy.gif", "busy.bmp"]:
    memory = io.BytesIO()
    busy.save(memory, {"jpg": "jpeg"}.get(name[5:], name[5:]), **({"quality": 95} if name in ["busy.jpg", "busy.webp"] else {}))
    data = memory.getvalue()
    open(name.replace("busy", "cut"), "wb").write(data[: len(data) // 2])
open("text.png", "w").write("This is a text file with the name of a picture.\n")
