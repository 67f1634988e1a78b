# Makes the small archives and arrays beside this file, with programs that aren't ours: Python's tarfile, lzma and bz2, and numpy.
# The .parquet files are of ParquetSharp 25.0.1 (Apache Arrow's own writer): two groups of three rows, image {bytes, path} and label, all
# optional, the fifth image without bytes; the metadata "huggingface" names the classes cat, dog, owl.
import bz2, io, lzma, os, struct, tarfile, zlib
import numpy as np

here = os.path.dirname(os.path.abspath(__file__)) + '/'

def png(red, green, blue, size=8):
    rows = b''.join(b'\0' + bytes([red, green, blue]) * size for _ in range(size))
    def chunk(kind, data):
        return struct.pack('>I', len(data)) + kind + data + struct.pack('>I', zlib.crc32(kind + data))
    return (b'\x89PNG\r\n\x1a\n' + chunk(b'IHDR', struct.pack('>IIBBBBB', size, size, 8, 2, 0, 0, 0))
            + chunk(b'IDAT', zlib.compress(rows, 9)) + chunk(b'IEND', b''))

pictures = {'cats/0.png': png(255, 0, 0), 'dogs/1.png': png(0, 255, 0), 'dogs/2.png': png(0, 0, 255)}
packed = io.BytesIO()
with tarfile.open(fileobj=packed, mode='w') as tar:
    for name, data in pictures.items():
        entry = tarfile.TarInfo('pictures/' + name)
        entry.size = len(data)
        tar.addfile(entry, io.BytesIO(data))
open(here + 'pictures.tar.xz', 'wb').write(lzma.compress(packed.getvalue()))
# As programs that work in parallel write it: two streams, the second from the second picture on.
open(here + 'streams.tar.xz', 'wb').write(lzma.compress(packed.getvalue()[:1024]) + lzma.compress(packed.getvalue()[1024:]))
open(here + 'pictures.tar.bz2', 'wb').write(bz2.compress(packed.getvalue()))

# 300 MB of zeros, which hardly take any space.
zeros = io.BytesIO()
with tarfile.open(fileobj=zeros, mode='w') as tar:
    entry = tarfile.TarInfo('notes.txt')
    entry.size = 300 << 20
    tar.addfile(entry, io.BytesIO(bytes(entry.size)))
open(here + 'zeros.tar.xz', 'wb').write(lzma.compress(zeros.getvalue()))
open(here + 'zeros.tar.bz2', 'wb').write(bz2.compress(zeros.getvalue()))

grey = np.zeros((3, 4, 5), np.uint8)
for i in range(3):
    grey[i] = i + 1
grey[2, 0, 4] = 200
np.savez_compressed(here + 'grey.npz', x_train=grey, y_train=np.array([2, 0, 1]), x_test=grey[:1], y_test=np.array([1]))
color = np.zeros((2, 4, 4, 3), np.uint8)
color[0], color[1] = (10, 20, 30), (40, 50, 60)
np.savez(here + 'color.npz', color, np.array([0, 1], dtype=np.int32))
