package io.fanfold.aggregator.intake;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfold.aggregator.assemble.Assembly;
import io.fanfold.aggregator.store.Moments;
import io.fanfold.aggregator.store.Publisher;
import io.fanfold.aggregator.store.Results;
import io.fanfold.aggregator.store.Spools;
import io.fanfold.aggregator.store.StoreAddress;
import io.fanfold.protocol.fold.FoldFunction;
import io.fanfold.protocol.npy.Npy;
import io.fanfold.protocol.wire.JobId;
import io.fanfold.protocol.wire.JobRecord;
import io.fanfold.protocol.wire.Outcome;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** An aggregator's spools and store, without its Kafka. */
final class Desk implements AutoCloseable {
    final Spools spools;
    final Results results;
    final Publisher publisher;

    Desk(Path directory) {
        this(directory, new StoreAddress.Directory(directory.resolve("store")).open());
    }

    Desk(Path directory, Results results) {
        this.spools = new Spools(directory.resolve("spool"), "a-1", Moments.NONE);
        this.results = results;
        this.publisher = new Publisher(spools, results, "a-1", Optional.of("http://h:1"), Moments.NONE);
    }

    Growing begin(RandomJob job) throws IOException {
        return begin(job.spec, job.fold);
    }

    Growing begin(JobRecord.Spec spec, Optional<FoldFunction> fold) throws IOException {
        return new Growing(spec, fold, 0, new Assembly(spec), spools.open(spec.job()), Moments.NONE);
    }

    /** Gives it outcomes until it is whole. */
    static void feed(Growing growing, List<Outcome> outcomes) throws IOException {
        for (int offset = 0; offset < outcomes.size() && !growing.assembly.complete(); offset++) {
            assertThat(growing.accept(outcomes.get(offset), offset, 1000 + offset))
                    .isNotInstanceOf(Growing.Step.Broken.class);
        }
        assertThat(growing.assembly.complete()).isTrue();
    }

    /** Makes a result of a whole job in the order in which its outcomes come. */
    byte[] published(RandomJob job, List<Outcome> outcomes) throws IOException {
        Growing growing = begin(job);
        feed(growing, outcomes);
        publisher.publish(growing.whole());
        growing.spool.discard();
        return file(Publisher.result(job.spec.job()));
    }

    /** A job that makes another whole. */
    Growing revise(JobRecord.Spec revision, Optional<FoldFunction> fold) throws IOException {
        Publisher.Revised revised = publisher.revise(revision);
        return new Growing(revision, fold, 0, revised.assembly(), revised.spool(), Moments.NONE);
    }

    byte[] result(JobId job) throws IOException {
        return file(Publisher.result(job));
    }

    byte[] file(String name) throws IOException {
        try (InputStream in = results.read(name, 0)) {
            return in.readAllBytes();
        }
    }

    /** What the mask says, chunk by chunk of one row. */
    List<Integer> mask(JobId job) throws IOException {
        byte[] file = file(Publisher.mask(job));
        var mask = Npy.decode(MemorySegment.ofArray(file), "mask");
        return IntStream.range(0, (int) mask.shape().size())
                .mapToObj(i -> (int) mask.data().get(ValueLayout.JAVA_BYTE, i))
                .toList();
    }

    @Override
    public void close() throws IOException {
        spools.close();
        results.close();
    }
}
