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

/** Confluent's parallel-consumer that answers each record with its own value. */
final class ParallelConsumerWorker {
    private static final long BUFFER_BYTES = 32L << 20;

    private ParallelConsumerWorker() {}

    /**
     * Runs until the process that started it ends.
     *
     * @param args the broker, the topic to read and the topic to write
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
                        .maxConcurrency(Integer.getInteger("pc.concurrency", 16))
                        .batchSize(Integer.getInteger("pc.batch", 100))
                        .messageBufferSize(Integer.getInteger("pc.buffer", 0))
                        .initialLoadFactor(Integer.getInteger("pc.load", 2))
                        .build());
        processor.subscribe(Set.of(args[1]));
        processor.pollAndProduceMany(records -> answers(records, args[2]));
        while (!processor.isClosedOrFailed()) {
            Thread.sleep(1_000);
        }
        Exception cause = processor.getFailureCause();
        if (cause != null) {
            cause.printStackTrace();
        }
        System.exit(1);
    }

    private static List<ProducerRecord<byte[], byte[]>> answers(PollContext<byte[], byte[]> records, String out) {
        return records.streamConsumerRecords()
                .map(r -> new ProducerRecord<>(out, r.partition(), r.key(), r.value()))
                .toList();
    }
}
