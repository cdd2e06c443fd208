package io.fanfold.cli;

import io.fanfold.protocol.FanfoldException;
import io.fanfold.protocol.wire.JobId;
import io.fanfold.protocol.wire.ResultInfo;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;
import java.util.Optional;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;

/**
 * A job's result as files of this machine.
 *
 * @param mask true for the rows of failed chunks, where there are any
 * @param errors why they failed
 */
record ResultFiles(Path result, Optional<Path> mask, Optional<Path> errors) {

    /**
     * Fetches a result: from the record itself or over HTTP; never from a path that a message names.
     *
     * @param into an empty directory
     * @throws FanfoldException if it is not served or is another than was announced
     */
    static ResultFiles fetch(JobId job, ResultInfo result, Path into) throws IOException, InterruptedException {
        Path whole = into.resolve("result.npy");
        if (result.inline().isPresent()) {
            write(result.inline().get(), whole);
        } else {
            download(
                    address(job, "its result lies at " + result.uri() + ", but", result.http()),
                    whole,
                    Optional.of(result));
        }
        if (result.holes().isEmpty()) {
            return new ResultFiles(whole, Optional.empty(), Optional.empty());
        }
        ResultInfo.Holes holes = result.holes().get();
        Path mask = into.resolve("mask.npy");
        Path errors = into.resolve("errors.json");
        download(address(job, "chunks of it failed, but which,", holes.mask()), mask, Optional.empty());
        download(address(job, "chunks of it failed, but why,", holes.errors()), errors, Optional.empty());
        return new ResultFiles(whole, Optional.of(mask), Optional.of(errors));
    }

    private static String address(JobId job, String what, Optional<String> http) {
        return http.orElseThrow(() -> new FanfoldException("job " + job + " is COMPLETED and " + what
                + " its aggregator does not serve over HTTP: start it with --http-advertised"));
    }

    private static void write(ByteBuffer inline, Path into) throws IOException {
        ByteBuffer npy = inline.duplicate();
        try (FileChannel channel = FileChannel.open(into, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            while (npy.hasRemaining()) {
                channel.write(npy);
            }
        }
    }

    /** @param announced what the bytes must be, where that is known */
    private static void download(String address, Path into, Optional<ResultInfo> announced)
            throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(URI.create(address)).build();
            HttpResponse<InputStream> response = http.send(request, HttpResponse.BodyHandlers.ofInputStream());
            CRC32C crc = new CRC32C();
            long bytes;
            try (InputStream in = new CheckedInputStream(response.body(), crc)) {
                bytes = Files.copy(in, into);
            }
            String checksum = HexFormat.of().toHexDigits((int) crc.getValue());
            boolean right = announced
                    .filter(r -> bytes != r.bytes() || !checksum.equals(r.crc32c()))
                    .isEmpty();
            if (response.statusCode() != 200 || !right) {
                throw new FanfoldException("what is served at " + address + " is not what was announced (status "
                        + response.statusCode() + ", " + bytes + " bytes"
                        + announced.map(r -> " of " + r.bytes()).orElse("") + ")");
            }
        } catch (java.net.ConnectException e) {
            throw new FanfoldException(
                    "the aggregator does not answer at " + address
                            + ": give it an address that is reached from here (--http-advertised)",
                    e);
        }
    }
}
