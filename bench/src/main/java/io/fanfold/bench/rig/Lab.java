package io.fanfold.bench.rig;

import io.fanfold.bench.measure.Contest;
import io.fanfold.bench.measure.Duel;
import io.fanfold.cli.local.Parts;
import io.fanfold.cli.local.WorkDirectory;
import io.fanfold.protocol.topics.TopicLayout;
import io.fanfold.protocol.topics.TopicSetup;
import io.fanfold.protocol.wire.KafkaSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** The place where one suite is measured: a directory, processes that end with it, and how thorough to be. One thread. */
public final class Lab implements AutoCloseable {
    private static final Path MEMORY = Path.of("/dev/shm");
    private static final long ROOM = 10_000_000_000L;

    private final Parts parts = new Parts();
    private final Thread atExit = Thread.ofPlatform().name("exit").unstarted(parts::close);
    private final Setup setup;
    private final Path work;
    private int fresh;

    /**
     * How to measure.
     *
     * @param quick rounds of a size at which everything is tried and nothing can be told
     * @param python the command that runs Python
     * @param parent where directories for the work are made
     */
    public record Setup(boolean quick, String python, Path parent) {}

    /** Where a broker's log is kept best: in memory where there is room, so that no disk is measured. */
    public static Path roomiest() throws IOException {
        boolean roomy = Files.isWritable(MEMORY) && Files.getFileStore(MEMORY).getUsableSpace() > ROOM;
        return roomy ? MEMORY : Path.of(System.getProperty("java.io.tmpdir"));
    }

    public Lab(Setup setup) throws IOException {
        this.setup = setup;
        this.work = parts.opened(new WorkDirectory(setup.parent())).path();
        Runtime.getRuntime().addShutdownHook(atExit); // gigabytes must not stay where someone gives up
    }

    /** Whether all is to be tried rather than measured. */
    public boolean quick() {
        return setup.quick();
    }

    /** A size: as it is to be measured, or as it is tried quickly. */
    public int size(int measured, int tried) {
        return setup.quick() ? tried : measured;
    }

    public String python() {
        return setup.python();
    }

    /** A new directory. */
    public Path directory() throws IOException {
        return Files.createDirectory(work.resolve("d" + ++fresh));
    }

    /** Takes something into care that ends with this lab. */
    public <T extends AutoCloseable> T opened(T part) {
        return parts.opened(part);
    }

    /** Ends what was opened last before it is due. */
    public Parts own() {
        return parts.opened(new Parts());
    }

    /** A lab like this one that is closed before it, with what was opened in it. */
    public Lab inner() throws IOException {
        return opened(new Lab(setup));
    }

    /** A broker in a process of its own, with the topics of a fleet of this many workers. */
    public BrokerProcess broker() throws IOException {
        return opened(BrokerProcess.start(directory()));
    }

    /** Makes topics for a fleet in a broker: as {@code fanfold run} does, but with as many partitions as asked for. */
    public static void topics(KafkaSettings kafka, int partitions) {
        try (TopicSetup topics = new TopicSetup(kafka)) {
            topics.create(new TopicLayout(Set.of("default"), partitions, 1, 1));
        }
    }

    /** A fleet with the default number of workers and the default options. */
    public BenchFleet fleet(BrokerProcess broker) throws IOException {
        return fleet(broker, 2, List.of());
    }

    /** A fleet in a broker that has none yet. */
    public BenchFleet fleet(BrokerProcess broker, int workers, List<String> options) throws IOException {
        return fleet(broker.kafka(), workers, options);
    }

    /** A fleet with topics that no other fleet has; they are made where they are not there. */
    public BenchFleet fleet(KafkaSettings kafka, int workers, List<String> options) throws IOException {
        return opened(BenchFleet.start(kafka, directory(), workers, options));
    }

    /** Contestants that take turns. */
    public Contest contest() {
        return new Contest(this::say);
    }

    /** Two contestants that take turns sample by sample. */
    public Duel duel(Contest.Contestant ours, Contest.Contestant theirs) {
        return new Duel(this::say, ours, theirs);
    }

    /** Tells of the progress, on standard error. */
    public void say(String line) {
        System.err.println(line);
    }

    @Override
    public void close() {
        parts.close();
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException e) {
            say("stopped");
        }
    }
}
