package io.fanfold.bench.suite;

import io.fanfold.bench.rig.Child;
import io.fanfold.bench.rig.Lab;
import io.fanfold.protocol.wire.KafkaSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;

/**
 * What stands between two topics in Fanfold's place, in two processes: it writes a record to the one for each that it reads from the
 * other, with the same key, value and partition.
 *
 * @param name of the topics
 * @param main what each process runs; its arguments are the broker, the topic to read, the topic to write, and those below
 */
record Middle(String name, Class<?> main, List<String> arguments) {
    private static final int PROCESSES = 2;

    /** Makes the two topics, with so many partitions each, and starts the processes. */
    Between start(Lab lab, KafkaSettings kafka, int partitions) throws Exception {
        Between between = new Between("raw." + name + ".in", "raw." + name + ".out", lab.directory());
        try (Admin admin = Admin.create(kafka.admin("raw"))) {
            admin.createTopics(Stream.of(between.in(), between.out())
                            .map(t -> new NewTopic(t, partitions, (short) 1)
                                    .configs(Map.of("max.message.bytes", Integer.toString(kafka.maxMessageBytes()))))
                            .toList())
                    .all()
                    .get();
        }
        String[] all = Stream.concat(
                        Stream.of(kafka.bootstrapServers(), between.in(), between.out()), arguments.stream())
                .toArray(String[]::new);
        for (int i = 1; i <= PROCESSES; i++) {
            Path log = between.logs().resolve(i + ".log");
            lab.opened(Child.start(main, log, all));
        }
        return between;
    }
}
