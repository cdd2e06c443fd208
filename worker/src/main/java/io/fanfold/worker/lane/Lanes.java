package io.fanfold.worker.lane;

import io.fanfold.protocol.wire.JobId;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import org.apache.kafka.common.TopicPartition;

/** The lanes that a worker has now. The poll thread adds and removes; any thread may ask. */
public final class Lanes {
    private final Map<TopicPartition, Lane> lanes = new ConcurrentHashMap<>();

    public void put(TopicPartition partition, Lane lane) {
        lanes.put(partition, lane);
    }

    public Optional<Lane> find(TopicPartition partition) {
        return Optional.ofNullable(lanes.get(partition));
    }

    public Optional<Lane> remove(TopicPartition partition) {
        return Optional.ofNullable(lanes.remove(partition));
    }

    public void forEach(BiConsumer<TopicPartition, Lane> each) {
        lanes.forEach(each);
    }

    public Collection<TopicPartition> partitions() {
        return List.copyOf(lanes.keySet());
    }

    public int size() {
        return lanes.size();
    }

    /** Whether chunks of any lane wait for the next commit, or soon will. */
    public boolean needMark() {
        return lanes.values().stream().anyMatch(Lane::needsMark);
    }

    /** How many chunks run. */
    public int running() {
        return lanes.values().stream().mapToInt(Lane::running).sum();
    }

    /** More can be started than a moment ago: starts it. */
    public void pump() {
        lanes.values().forEach(Lane::pump);
    }

    /** A job has ended: its chunks are not worth computing any more. */
    public void cancel(JobId job) {
        lanes.values().forEach(lane -> lane.cancel(job));
    }

    /** Shares the worker's threads and processes among the lanes; each has at least one. */
    public void share(int threads, int processes) {
        int among = Math.max(1, lanes.size());
        lanes.values().forEach(lane -> lane.resize(each(threads, among), each(processes, among)));
    }

    private static int each(int of, int among) {
        return Math.max(1, (of + among - 1) / among);
    }
}
