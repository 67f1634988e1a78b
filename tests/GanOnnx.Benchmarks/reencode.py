# Writes each picture named on standard input again, as other programs do: JPEG of 4:2:0 (.f), 4:4:4 (.g) and of a JPEG of quality 90 (.h),
# and WebP, at the qualities that are named, with its XMP.
import io
import struct
import sys

from PIL import Image


def xmp_of(image):
    return image.info.get('XML:com.adobe.xmp') or image.info.get('xmp') or next(
        (data[29:] for name, data in getattr(image, 'applist', []) if data.startswith(b'http://ns.adobe.com/xap/1.0/\0')), None)


def jpeg(image, path, xmp, **options):
    file = io.BytesIO()
    image.save(file, 'JPEG', **options)
    data = file.getvalue()
    segment = b''
    if xmp:
        body = b'http://ns.adobe.com/xap/1.0/\0' + (xmp.encode() if isinstance(xmp, str) else xmp)
        segment = b'\xff\xe1' + struct.pack('>H', len(body) + 2) + body
    with open(path, 'wb') as out:
        out.write(data[:2] + segment + data[2:])


for line in sys.stdin:
    path = line.rstrip('\n')
    image = Image.open(path)
    xmp = xmp_of(image)
    flat = image if image.mode == 'L' else image.convert('RGB')
    first = io.BytesIO()
    flat.save(first, 'JPEG', quality=90, subsampling=0)
    twice = Image.open(first)
    for quality in map(int, sys.argv[1:]):
        jpeg(flat, f'{path}.f{quality}.jpg', xmp, quality=quality, subsampling=2)
        jpeg(flat, f'{path}.g{quality}.jpg', xmp, quality=quality, subsampling=0)
        jpeg(twice, f'{path}.h{quality}.jpg', xmp, quality=quality, subsampling=0)
        flat.convert('RGB').save(f'{path}.f{quality}.webp', quality=quality)
