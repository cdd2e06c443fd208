package io.fanfold.bench.suite;

import io.confluent.parallelconsumer.ParallelConsumerOptions;
import io.confluent.parallelconsumer.ParallelConsumerOptions.CommitMode;
import io.confluent.parallelconsumer.ParallelConsumerOptions.ProcessingOrder;
import io.confluent.parallelconsumer.ParallelEoSStreamProcessor;
import io.confluent.parallelconsumer.PollContext;
import io.fanfold.bench.rig.Child;
import io.fanfold.protocol.wire.KafkaSettings;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Confluent's parallel-consumer that answers each record with its own value: without order and with asynchronous commits, which are
 * its fastest choices that still answer each record at least once. An answer must be acknowledged before its record is done, so
 * {@code pollAndProduceMany}, which waits for that, and no asynchronous producer beside {@code poll}, which would not.
 * Its buffer has its full size from the start, where by default it grows as it runs.
 */
final class ParallelConsumerWorker {
    private static final long BUFFER_BYTES = 32L << 20;
    private static final int BUFFER_RECORDS = 10_000;

    private ParallelConsumerWorker() {}

    /**
     * Its fastest way: the function is given many records at a time, which succeed or fail together. More threads or larger batches
     * are no faster.
     */
    static Middle inBatches() {
        return middle("in-batches", 4, 500);
    }

    /**
     * The function is given one record at a time, as Fanfold's are, so that each fails for itself. A thread waits for the
     * acknowledgement of each answer, so many threads are faster than few.
     */
    static Middle oneByOne() {
        return middle("one-by-one", 128, 1);
    }

    private static Middle middle(String name, int concurrency, int batch) {
        return new Middle(
                name, ParallelConsumerWorker.class, List.of(Integer.toString(concurrency), Integer.toString(batch)));
    }

    /**
     * Runs until the process that started it ends.
     *
     * @param args the broker, the topic to read, the topic to write; the threads, and the records that the function is given at a
     *     time
     */
    public static void main(String[] args) throws InterruptedException {
        Child.endWithParent();
        KafkaSettings kafka = KafkaSettings.at(args[0]);
        ParallelEoSStreamProcessor<byte[], byte[]> processor =
                new ParallelEoSStreamProcessor<>(ParallelConsumerOptions.<byte[], byte[]>builder()
                        .consumer(new KafkaConsumer<>(kafka.consumer("parallel-consumer", args[1])))
                        .producer(new KafkaProducer<>(kafka.producer("parallel-consumer", BUFFER_BYTES)))
                        .ordering(ProcessingOrder.UNORDERED)
                        .commitMode(CommitMode.PERIODIC_CONSUMER_ASYNCHRONOUS)
                        .maxConcurrency(Integer.parseInt(args[3]))
                        .batchSize(Integer.parseInt(args[4]))
                        .messageBufferSize(BUFFER_RECORDS)
                        .build());
        processor.subscribe(Set.of(args[1]));
        processor.pollAndProduceMany(records -> answers(records, args[2]));
        while (!processor.isClosedOrFailed()) {
            Thread.sleep(1_000);
        }
        System.err.println("parallel-consumer stopped: " + processor.getFailureCause());
        System.exit(1);
    }

    private static List<ProducerRecord<byte[], byte[]>> answers(PollContext<byte[], byte[]> records, String out) {
        return records.streamConsumerRecords()
                .map(r -> new ProducerRecord<>(out, r.partition(), r.key(), r.value()))
                .toList();
    }
}
