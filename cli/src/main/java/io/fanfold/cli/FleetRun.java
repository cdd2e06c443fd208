package io.fanfold.cli;

import io.fanfold.cli.local.WorkDirectory;
import io.fanfold.producer.client.ParallelMap;
import io.fanfold.producer.dispatch.Acceptance;
import io.fanfold.protocol.FanfoldException;
import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.wire.FunctionDescription;
import io.fanfold.protocol.wire.KafkaSettings;
import io.fanfold.protocol.wire.ResultInfo;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
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
import java.util.Set;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;

/** One array through the fleet behind a broker, whoever runs that. */
final class FleetRun implements AutoCloseable {
    private final ParallelMap map;
    private final String pool;
    private final Submission.Watch watch;

    /**
     * Connects.
     *
     * @param pool whose workers compute
     * @param watch looks after those workers that are ours
     */
    FleetRun(KafkaSettings kafka, String pool, Submission.Watch watch) {
        this.pool = pool;
        this.watch = watch;
        this.map = ParallelMap.connect(
                kafka, "fanfold-run-" + ProcessHandle.current().pid(), Set.of(pool), new SimpleMeterRegistry());
    }

    /** A function that the pool's workers have. */
    FunctionDescription function(String name) {
        return map.functions().find(pool, name);
    }

    /**
     * Maps an array into a file.
     *
     * @return how many chunks it took
     */
    long run(ArraySlice array, Acceptance request, Output out) throws IOException, InterruptedException {
        Submission submission = new Submission(map, watch);
        Submission.Done done =
                submission.run(array, request, request.function().id().name());
        ResultInfo result = done.end().result().orElseThrow();
        try (WorkDirectory work = new WorkDirectory(out.directory())) {
            Lifetime.closeOnExit(work);
            Path whole = work.path().resolve("result.npy");
            fetch(done, result, whole);
            out.take(whole);
        }
        return done.job().count().orElse(0);
    }

    /** From the record itself or over HTTP; never from a path that a message names. */
    private static void fetch(Submission.Done done, ResultInfo result, Path into)
            throws IOException, InterruptedException {
        if (result.inline().isPresent()) {
            ByteBuffer npy = result.inline().get();
            try (FileChannel channel =
                    FileChannel.open(into, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                while (npy.hasRemaining()) {
                    channel.write(npy);
                }
            }
            return;
        }
        String address = result.http()
                .orElseThrow(() -> new FanfoldException("job " + done.job().id()
                        + " is COMPLETED and its result lies at " + result.uri()
                        + ", but its aggregator does not serve it over HTTP"));
        download(address, result, into);
    }

    private static void download(String address, ResultInfo result, Path into)
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
            if (response.statusCode() != 200 || bytes != result.bytes() || !checksum.equals(result.crc32c())) {
                throw new FanfoldException("the result at " + address + " is not the one that was announced (status "
                        + response.statusCode() + ", " + bytes + " of " + result.bytes() + " bytes)");
            }
        } catch (java.net.ConnectException e) {
            throw new FanfoldException(
                    "the aggregator does not answer at " + address
                            + ": give it an address that is reached from here (--http-advertised)",
                    e);
        }
    }

    @Override
    public void close() {
        map.close();
    }
}
