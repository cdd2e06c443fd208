package io.fanfold.aggregator.store;

import io.fanfold.protocol.FanfoldException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Results as objects of a bucket: of Amazon S3, or of a service that speaks its protocol. An object is there once it is whole; the
 * service sees to it. Any thread.
 */
final class S3Results implements Results {
    private static final String ID = ".fanfold-store";
    private static final int NOT_FOUND = 404;
    private static final int CONFLICT = 409;
    private static final int CHANGED = 412;
    private static final int UNKNOWN_HEADER = 501;

    private final StoreAddress.S3 address;
    private final S3Client s3;
    private final S3Upload upload;
    private final String id;

    private S3Results(StoreAddress.S3 address, S3Client s3, long partBytes) {
        this.address = address;
        this.s3 = s3;
        this.upload = new S3Upload(s3, address.bucket(), partBytes);
        this.id = agreedId();
    }

    /**
     * Opens the bucket, which must be there.
     *
     * @throws FanfoldException if it is not, or may not be read and written, or no region or credentials are found
     */
    static S3Results open(StoreAddress.S3 address) {
        return open(address, S3Upload.PART_BYTES);
    }

    /** @param partBytes larger files go up in parts of so many bytes */
    static S3Results open(StoreAddress.S3 address, long partBytes) {
        S3Client client = S3Clients.client(address);
        try {
            return new S3Results(address, client, partBytes);
        } catch (SdkException e) {
            client.close();
            throw S3Clients.unusable(address, e);
        }
    }

    /** The id in the bucket. Of several that start at once, one writes it: only the first may. */
    private String agreedId() {
        Optional<String> there = readId();
        if (there.isPresent()) {
            return there.get();
        }
        writeId(UUID.randomUUID().toString());
        return readId().orElseThrow(() -> new FanfoldException(
                "the store " + address + " does not show its id " + uriOf(ID) + " after it was written: start again"));
    }

    private Optional<String> readId() {
        try {
            return Optional.of(
                    s3.getObjectAsBytes(get -> get.bucket(address.bucket()).key(key(ID)))
                            .asString(StandardCharsets.UTF_8)
                            .strip());
        } catch (S3Exception e) {
            if (e.statusCode() == NOT_FOUND && !S3Clients.noBucket(e)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private void writeId(String made) {
        try {
            writeId(made, "*");
        } catch (S3Exception e) {
            switch (e.statusCode()) {
                case CONFLICT, CHANGED -> {} // another aggregator was first: its id is the store's
                case UNKNOWN_HEADER -> writeId(made, null); // a service without conditions: the last one counts
                default -> throw e;
            }
        }
    }

    private void writeId(String made, @Nullable String ifNoneMatch) {
        s3.putObject(
                put -> put.bucket(address.bucket()).key(key(ID)).ifNoneMatch(ifNoneMatch),
                RequestBody.fromString(made, StandardCharsets.UTF_8));
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public boolean shared() {
        return true;
    }

    @Override
    public void put(String name, Path file) throws IOException {
        String key = key(Kept.checked(name));
        String type = name.endsWith(".json") ? "application/json" : "application/octet-stream";
        try {
            upload.put(key, type, file);
        } catch (SdkException e) {
            throw failed("write", name, e);
        }
        Files.delete(file);
    }

    @Override
    public Optional<Kept> find(String name) throws IOException {
        String key = key(Kept.checked(name));
        try {
            HeadObjectResponse head =
                    s3.headObject(h -> h.bucket(address.bucket()).key(key));
            return Optional.of(new Kept(name, head.contentLength(), version(head.eTag())));
        } catch (SdkException e) {
            if (status(e) == NOT_FOUND) {
                return Optional.empty();
            }
            throw failed("look up", name, e);
        }
    }

    private static String version(String eTag) {
        return eTag.replace("\"", "");
    }

    @Override
    public InputStream read(Kept kept, long offset, long bytes) throws IOException {
        Objects.checkFromIndexSize(offset, bytes, kept.bytes());
        if (bytes == 0) {
            return InputStream.nullInputStream();
        }
        String range = "bytes=" + offset + "-" + (offset + bytes - 1);
        try {
            return new ObjectPart(
                    s3.getObject(get -> get.bucket(address.bucket())
                            .key(key(kept.name()))
                            .ifMatch("\"" + kept.version() + "\"")
                            .range(range)),
                    bytes);
        } catch (SdkException e) {
            throw switch (status(e)) {
                case NOT_FOUND -> new NoSuchFileException(uri(kept.name()).toString());
                case CHANGED -> new IOException(uri(kept.name()) + " was replaced while it was read: read it again", e);
                default -> failed("read", kept.name(), e);
            };
        }
    }

    @Override
    public void delete(String name) throws IOException {
        String key = key(Kept.checked(name));
        try {
            s3.deleteObject(d -> d.bucket(address.bucket()).key(key));
        } catch (SdkException e) {
            throw failed("delete", name, e);
        }
    }

    private static int status(SdkException e) {
        return e instanceof S3Exception answer ? answer.statusCode() : 0;
    }

    private IOException failed(String what, String name, SdkException e) {
        return new IOException("cannot " + what + " " + uriOf(name) + ": " + e.getMessage(), e);
    }

    private String key(String name) {
        return address.prefix() + name;
    }

    @Override
    public URI uri(String name) {
        return uriOf(Kept.checked(name));
    }

    private URI uriOf(String name) {
        return URI.create("s3://" + address.bucket() + "/" + key(name));
    }

    @Override
    public void close() {
        s3.close();
    }
}
