package io.fanfold.http;

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
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.concurrent.ExecutorService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.SynchronousSink;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Sends {@link StreamBody}s: opened when the client takes it, made as fast as it takes it, closed at its end or when the client goes
 * away. Micronaut's own body for streams reads 8 KiB at a time, which costs a large file dearly.
 */
@Singleton
final class StreamBodyWriter implements ResponseBodyWriter<StreamBody> {
    private static final Logger LOG = LoggerFactory.getLogger(StreamBodyWriter.class);

    private final Scheduler makers;

    StreamBodyWriter(@Named(TaskExecutors.BLOCKING) ExecutorService makers) {
        this.makers = Schedulers.fromExecutorService(makers);
    }

    @Override
    public CloseableByteBody writePiece(
            ByteBodyFactory bodies,
            HttpRequest<?> request,
            HttpResponse<?> response,
            Argument<StreamBody> type,
            MediaType mediaType,
            StreamBody body) {
        ReadBufferFactory buffers = bodies.readBufferFactory();
        Flux<ReadBuffer> pieces = Flux.<byte[], StreamBody.Pieces>generate(
                        body.source()::open, StreamBodyWriter::next, StreamBodyWriter::close)
                .map(buffers::adapt)
                .subscribeOn(makers);
        return bodies.adapt(pieces, body.bytes());
    }

    private static StreamBody.Pieces next(StreamBody.Pieces pieces, SynchronousSink<byte[]> sink) {
        try {
            byte[] piece = pieces.next();
            if (piece == null) {
                sink.complete();
            } else {
                sink.next(piece);
            }
            return pieces;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void close(StreamBody.Pieces pieces) {
        try {
            pieces.close();
        } catch (IOException e) {
            LOG.debug("a body was not closed cleanly", e);
        }
    }

    @Override
    public void writeTo(
            Argument<StreamBody> type, MediaType mediaType, StreamBody body, MutableHeaders headers, OutputStream out) {
        throw new UnsupportedOperationException("it is sent in pieces");
    }
}
