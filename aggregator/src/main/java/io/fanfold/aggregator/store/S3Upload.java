package io.fanfold.aggregator.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;

/**
 * How a file becomes an object: in one request, or, since one request ends at 5 GB, in parts that become the object all at once when
 * the last one is there. Never more of the file in memory than a few buffers. Any thread.
 *
 * @param partBytes larger files go up in parts of so many bytes
 */
record S3Upload(S3Client s3, String bucket, long partBytes) {
    private static final Logger LOG = LoggerFactory.getLogger(S3Upload.class);

    static final long PART_BYTES = 32L * 1024 * 1024;
    private static final int MOST_PARTS = 10_000;
    private static final int PARTS_AT_ONCE = 4;

    /** Returns when the service has the object. */
    void put(String key, String type, Path file) throws IOException {
        long bytes = Files.size(file);
        if (bytes <= partBytes) {
            s3.putObject(put -> put.bucket(bucket).key(key).contentType(type), RequestBody.fromFile(file));
        } else {
            inParts(key, type, file, bytes);
        }
    }

    private void inParts(String key, String type, Path file, long bytes) throws IOException {
        String upload = s3.createMultipartUpload(
                        create -> create.bucket(bucket).key(key).contentType(type))
                .uploadId();
        try {
            List<CompletedPart> parts = parts(key, upload, file, bytes);
            s3.completeMultipartUpload(complete ->
                    complete.bucket(bucket).key(key).uploadId(upload).multipartUpload(all -> all.parts(parts)));
        } catch (IOException | RuntimeException e) {
            abort(key, upload, e);
            throw e;
        }
    }

    private List<CompletedPart> parts(String key, String upload, Path file, long bytes) throws IOException {
        long each = Math.max(partBytes, Math.ceilDiv(bytes, MOST_PARTS));
        List<Callable<CompletedPart>> parts = new ArrayList<>();
        for (long offset = 0; offset < bytes; offset += each) {
            long from = offset;
            int number = parts.size() + 1;
            parts.add(() -> part(key, upload, number, file, from, Math.min(each, bytes - from)));
        }
        return together(parts);
    }

    private CompletedPart part(String key, String upload, int number, Path file, long offset, long bytes) {
        RequestBody body =
                RequestBody.fromContentProvider(() -> opened(file, offset, bytes), bytes, "application/octet-stream");
        String eTag = s3.uploadPart(
                        part -> part.bucket(bucket)
                                .key(key)
                                .uploadId(upload)
                                .partNumber(number)
                                .contentLength(bytes),
                        body)
                .eTag();
        return CompletedPart.builder().partNumber(number).eTag(eTag).build();
    }

    private static FilePart opened(Path file, long offset, long bytes) {
        try {
            return FilePart.of(file, offset, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A few at a time; the first that fails ends it. */
    private static List<CompletedPart> together(List<Callable<CompletedPart>> parts) throws IOException {
        ExecutorService threads =
                Executors.newFixedThreadPool(PARTS_AT_ONCE, Thread.ofVirtual().factory());
        try {
            List<Future<CompletedPart>> running =
                    parts.stream().map(threads::submit).toList();
            List<CompletedPart> done = new ArrayList<>();
            for (Future<CompletedPart> part : running) {
                done.add(part.get());
            }
            return done;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof SdkException refused) {
                throw refused;
            }
            throw new IOException("a part of the file cannot be sent: " + e.getCause(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted between two parts", e);
        } finally {
            threads.shutdownNow();
            threads.close();
        }
    }

    /** Parts of an upload that is not completed are kept, and paid for, until somebody says so. */
    private void abort(String key, String upload, Exception why) {
        try {
            s3.abortMultipartUpload(abort -> abort.bucket(bucket).key(key).uploadId(upload));
        } catch (SdkException e) {
            LOG.atWarn()
                    .addKeyValue("object", key)
                    .addKeyValue("upload", upload)
                    .log("parts stay in the bucket until its lifecycle rule removes them", e);
            why.addSuppressed(e);
        }
    }
}
