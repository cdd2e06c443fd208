package io.fanfold.aggregator.web;

import io.micronaut.core.io.buffer.ReadBuffer;
import io.micronaut.core.io.buffer.ReadBufferFactory;
import io.micronaut.core.type.Argument;
import io.micronaut.core.type.MutableHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.body.ByteBodyFactory;
import io.micronaut.http.body.CloseableByteBody;
import io.micronaut.http.body.ResponseBodyWriter;
import io.micronaut.scheduling.TaskExecutors;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.OptionalLong;
import java.util.concurrent.ExecutorService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.SynchronousSink;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Sends {@link FileBody}s: opened when the client takes it, read as fast as it takes it, closed at its end or when the client goes
 * away. Micronaut's own body for streams reads 8 KiB at a time, which costs a large file dearly.
 */
@Singleton
final class FileBodyWriter implements ResponseBodyWriter<FileBody> {
    private static final Logger LOG = LoggerFactory.getLogger(FileBodyWriter.class);
    private static final int PIECE_BYTES = 128 * 1024;

    private final Scheduler readers;

    FileBodyWriter(@Named(TaskExecutors.BLOCKING) ExecutorService readers) {
        this.readers = Schedulers.fromExecutorService(readers);
    }

    @Override
    public CloseableByteBody writePiece(
            ByteBodyFactory bodies,
            HttpRequest<?> request,
            HttpResponse<?> response,
            Argument<FileBody> type,
            MediaType mediaType,
            FileBody body) {
        ReadBufferFactory buffers = bodies.readBufferFactory();
        Flux<ReadBuffer> pieces = Flux.<byte[], InputStream>generate(
                        body::open, FileBodyWriter::next, FileBodyWriter::close)
                .map(buffers::adapt)
                .subscribeOn(readers);
        return bodies.adapt(pieces, OptionalLong.of(body.bytes()));
    }

    private static InputStream next(InputStream in, SynchronousSink<byte[]> sink) {
        try {
            byte[] piece = in.readNBytes(PIECE_BYTES);
            if (piece.length > 0) {
                sink.next(piece);
            } else {
                sink.complete();
            }
            return in;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void close(InputStream in) {
        try {
            in.close();
        } catch (IOException e) {
            LOG.debug("a file was not closed cleanly", e);
        }
    }

    @Override
    public void writeTo(
            Argument<FileBody> type, MediaType mediaType, FileBody body, MutableHeaders headers, OutputStream out) {
        throw new UnsupportedOperationException("a file is sent in pieces");
    }
}
