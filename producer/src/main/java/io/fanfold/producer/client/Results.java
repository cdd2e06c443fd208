package io.fanfold.producer.client;

import io.fanfold.protocol.FanfoldException;
import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.npy.Npy;
import io.fanfold.protocol.wire.JobId;
import io.fanfold.protocol.wire.ResultInfo;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Fetches the results of jobs: from the record of their end, or over HTTP from where that says; never from a path that a message
 * names. What comes is checked by its length and checksum. Any thread; closing it does not wait for what is being fetched.
 */
public final class Results implements AutoCloseable {
    private static final Duration CONNECT_WITHIN = Duration.ofSeconds(10);
    /** The most that a Java array holds. */
    private static final long LARGEST = Integer.MAX_VALUE - 8;

    private final Optional<String> token;
    private @Nullable HttpClient http;

    /** @param token what all servers of the fleet want to see, if anything */
    public Results(Optional<String> token) {
        this.token = token;
    }

    /**
     * Writes a result to a file, which is there only once it is whole; one that was there is replaced.
     *
     * @param into a {@code .npy} file, in a directory that is there
     * @throws FanfoldException if the result is not served, or is another than was announced
     */
    public void fetch(JobId job, ResultInfo result, Path into) throws IOException, InterruptedException {
        Path part = into.resolveSibling(".fanfold-" + UUID.randomUUID());
        try (InputStream in = open(job, result)) {
            Files.copy(in, part);
            Files.move(part, into, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    /**
     * A result as an array in memory.
     *
     * @throws FanfoldException as {@link #fetch}; or if the result is larger than 2 GiB
     */
    public ArraySlice array(JobId job, ResultInfo result) throws IOException, InterruptedException {
        if (result.bytes() > LARGEST) {
            throw new FanfoldException("the result of job " + job + " has " + result.bytes()
                    + " bytes, more than an array in memory may have (" + LARGEST
                    + "): fetch it into a file (resultTo)");
        }
        try (InputStream in = open(job, result)) {
            byte[] npy = new byte[(int) result.bytes()];
            in.readNBytes(npy, 0, npy.length);
            int _ = in.read(); // at its end it is checked
            return Npy.decode(MemorySegment.ofArray(npy), "the result of job " + job);
        }
    }

    /**
     * The bytes of a result, one after the other. At its end the stream throws a {@link FanfoldException} if they were not those that
     * were announced.
     *
     * @throws FanfoldException if the result is not served
     */
    public InputStream open(JobId job, ResultInfo result) throws IOException, InterruptedException {
        return new AnnouncedStream(open(job, result, 0, result.bytes()), job, result);
    }

    /**
     * Some of the bytes of a result; only their number is checked, by whoever reads them.
     *
     * @param from the first, counted from 0
     * @param count how many, at least 1 and no more than there are from there
     * @throws FanfoldException if the result is not served
     */
    public InputStream open(JobId job, ResultInfo result, long from, long count)
            throws IOException, InterruptedException {
        if (result.inline().isPresent()) {
            return inline(result.inline().get(), from, count);
        }
        String address = address(job, "its result lies at " + result.uri() + ", but", result.http());
        boolean whole = from == 0 && count == result.bytes();
        return get(address, whole ? Optional.empty() : Optional.of("bytes=" + from + "-" + (from + count - 1)));
    }

    private static InputStream inline(ByteBuffer npy, long from, long count) {
        byte[] bytes = new byte[npy.remaining()];
        npy.duplicate().get(bytes);
        return new ByteArrayInputStream(bytes, (int) from, (int) Math.min(count, bytes.length - from));
    }

    /** Writes to a file which rows are missing in a result with holes: a bool array as {@code .npy}. */
    public void fetchMask(JobId job, ResultInfo.Holes holes, Path into) throws IOException, InterruptedException {
        copy(address(job, "chunks of it failed, but which,", holes.mask()), into);
    }

    /** Writes to a file why chunks of a result with holes failed, as JSON. */
    public void fetchErrors(JobId job, ResultInfo.Holes holes, Path into) throws IOException, InterruptedException {
        copy(address(job, "chunks of it failed, but why,", holes.errors()), into);
    }

    private void copy(String address, Path into) throws IOException, InterruptedException {
        try (InputStream in = get(address, Optional.empty())) {
            Files.copy(in, into);
        }
    }

    private static String address(JobId job, String what, Optional<String> http) {
        return http.orElseThrow(() -> new FanfoldException("job " + job + " is COMPLETED and " + what
                + " its aggregator does not serve over HTTP: start it with --http-advertised"));
    }

    private InputStream get(String address, Optional<String> range) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(address));
        range.ifPresent(bytes -> request.header("Range", bytes));
        token.ifPresent(text -> request.header("Authorization", "Bearer " + text));
        int wanted = range.isPresent() ? 206 : 200;
        try {
            HttpResponse<InputStream> response =
                    http().send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
            if (response.statusCode() == 401) {
                response.body().close();
                throw new FanfoldException("the aggregator at " + address + " wants "
                        + (token.isEmpty() ? "a token" : "another token than was given")
                        + ": give the fleet's (--token-file, FANFOLD_TOKEN_FILE, FANFOLD_TOKEN)");
            }
            if (response.statusCode() != wanted) {
                response.body().close();
                throw new FanfoldException("what is served at " + address + " is not what was announced (status "
                        + response.statusCode() + " in place of " + wanted + ")");
            }
            return response.body();
        } catch (ConnectException | HttpConnectTimeoutException e) {
            throw new FanfoldException(
                    "the aggregator does not answer at " + address
                            + ": give it an address that is reached from here (--http-advertised)",
                    e);
        }
    }

    /** Most results are small and need none. */
    private synchronized HttpClient http() {
        HttpClient known = http;
        if (known == null) {
            known = HttpClient.newBuilder()
                    .connectTimeout(CONNECT_WITHIN)
                    .followRedirects(HttpClient.Redirect.NEVER) // the token is for the address that was said
                    .build();
            http = known;
        }
        return known;
    }

    @Override
    public synchronized void close() {
        if (http != null) {
            http.shutdownNow();
        }
    }
}
