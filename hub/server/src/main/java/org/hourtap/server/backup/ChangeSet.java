package org.hourtap.server.backup;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/// The pages that some commits changed, as one record of a change log. Each record carries a hash
/// over the one before it and itself, so that a torn, damaged, foreign or misplaced one is noticed.
///
/// @param number from 1 on
/// @param copiedMicros when it was read, by the hub's clock
/// @param pageCount of the whole database after it
/// @param pages by number, each `pageBytes` long
record ChangeSet(
        long number, long copiedMicros, int pageBytes, int pageCount, Map<Integer, byte[]> pages) {
    static final int HASH_BYTES = 32;
    static final int HEADER_BYTES = 4 + 8 + 8 + 4 + 4 + 4 + 4;

    private static final int MAGIC = 0x48544331; // HTC1

    /// Of one record, packed or not: more than the log is ever left to grow to.
    private static final int BYTES_MAX = 256 << 20;

    /// A record and the hash it ends with.
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    record Encoded(byte[] bytes, byte[] hash) {}

    /// What a header says of the record after it.
    record Header(
            long number,
            long copiedMicros,
            int pageBytes,
            int pageCount,
            int changed,
            int packedBytes) {}

    /// @param previous the hash the record before it ends with
    Encoded encode(byte[] previous) {
        byte[] packed = packed();
        ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
        header.putInt(MAGIC).putLong(number).putLong(copiedMicros);
        header.putInt(pageBytes).putInt(pageCount).putInt(pages.size()).putInt(packed.length);
        byte[] hash = hash(previous, header.array(), packed);
        ByteBuffer record = ByteBuffer.allocate(HEADER_BYTES + packed.length + HASH_BYTES);
        record.put(header.array()).put(packed).put(hash);
        return new Encoded(record.array(), hash);
    }

    /// @throws IOException if these bytes begin no record
    static Header header(ByteBuffer bytes) throws IOException {
        if (bytes.getInt() != MAGIC) {
            throw new IOException("no record begins here");
        }
        Header header =
                new Header(
                        bytes.getLong(),
                        bytes.getLong(),
                        bytes.getInt(),
                        bytes.getInt(),
                        bytes.getInt(),
                        bytes.getInt());
        if (header.packedBytes < 0
                || header.packedBytes > BYTES_MAX
                || header.pageBytes < 512
                || header.changed < 1
                || (long) header.changed * (header.pageBytes + Integer.BYTES) > BYTES_MAX
                || header.pageCount < 1) {
            throw new IOException("its sizes are impossible");
        }
        return header;
    }

    /// @param packed what followed it
    static ChangeSet decode(Header header, byte[] packed) throws IOException {
        Inflater inflater = new Inflater();
        try {
            byte[] plain = new byte[header.changed * (header.pageBytes + Integer.BYTES)];
            inflater.setInput(packed);
            int at = 0;
            while (at < plain.length) {
                int more = inflater.inflate(plain, at, plain.length - at);
                if (more == 0) {
                    throw new IOException("its pages are cut off");
                }
                at += more;
            }
            ByteBuffer from = ByteBuffer.wrap(plain);
            Map<Integer, byte[]> pages = new LinkedHashMap<>();
            for (int i = 0; i < header.changed; i++) {
                int number = from.getInt();
                byte[] page = new byte[header.pageBytes];
                from.get(page);
                if (number < 1) {
                    throw new IOException("it has a page without a number");
                }
                pages.put(number, page);
            }
            return new ChangeSet(
                    header.number, header.copiedMicros, header.pageBytes, header.pageCount, pages);
        } catch (DataFormatException e) {
            throw new IOException("its pages cannot be unpacked", e);
        } finally {
            inflater.end();
        }
    }

    static byte[] hash(byte[] previous, byte[] header, byte[] packed) {
        MessageDigest digest = DurableFiles.sha256();
        digest.update(previous);
        digest.update(header);
        digest.update(packed);
        return digest.digest();
    }

    private byte[] packed() {
        // The fastest level: most of what there is to gain are zeros.
        Deflater deflater = new Deflater(Deflater.BEST_SPEED);
        try {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            byte[] piece = new byte[1 << 16];
            pages.forEach((number, page) -> {
                drain(deflater, ByteBuffer.allocate(4).putInt(number).array(), piece, out);
                drain(deflater, page, piece, out);
            });
            deflater.finish();
            while (!deflater.finished()) {
                out.write(piece, 0, deflater.deflate(piece));
            }
            return out.toByteArray();
        } finally {
            deflater.end();
        }
    }

    private static void drain(
            Deflater deflater, byte[] input, byte[] piece, ByteArrayOutputStream out) {
        deflater.setInput(input);
        while (!deflater.needsInput()) {
            out.write(piece, 0, deflater.deflate(piece));
        }
    }
}
