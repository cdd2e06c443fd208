package io.fanfold.protocol.wire;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The names of a fleet's topics, consumer groups and transactional ids, all under one prefix ({@code fanfold} unless told
 * otherwise).
 */
public record Topics(String prefix) {
    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9._-]{1,100}"); // before the first Topics

    public static final Topics DEFAULT = new Topics("fanfold");
    /** The pool of a job that names none. */
    public static final String DEFAULT_POOL = "default";

    public Topics {
        check("topic prefix", prefix);
    }

    /** Arrays from upstream producers. */
    public String submissions() {
        return prefix + ".submissions";
    }

    /** Accepted jobs and their seals (compacted). */
    public String jobs() {
        return prefix + ".jobs";
    }

    /** Work for one pool. */
    public String chunks(String pool) {
        return prefix + ".chunks." + check("pool", pool);
    }

    /** The pool of a chunks topic of this fleet; empty for any other topic. */
    public Optional<String> poolOf(String topic) {
        String before = prefix + ".chunks.";
        return Optional.of(topic)
                .filter(t -> t.startsWith(before))
                .map(t -> t.substring(before.length()))
                .filter(pool -> FORM.matcher(pool).matches());
    }

    /** What became of each chunk. */
    public String outcomes() {
        return prefix + ".outcomes";
    }

    /** Progress and ends of jobs (compacted). */
    public String states() {
        return prefix + ".states";
    }

    /** What each pool can compute (compacted). */
    public String functions() {
        return prefix + ".functions";
    }

    /** Requests to cancel. */
    public String control() {
        return prefix + ".control";
    }

    /** Records set aside, with the reason. */
    public String deadLetters() {
        return prefix + ".dead-letters";
    }

    /** The consumer group of a pool's workers. */
    public String workerGroup(String pool) {
        return prefix + ".worker." + check("pool", pool);
    }

    /** The consumer group of the producers, on the submissions. */
    public String producerGroup() {
        return prefix + ".producer";
    }

    /** The consumer group of the aggregators. */
    public String aggregatorGroup() {
        return prefix + ".aggregator";
    }

    /** Fences the former owner of an outcomes partition. */
    public String ownerOf(int outcomesPartition) {
        return ownersOf() + outcomesPartition;
    }

    /** What the transactional ids of all owners begin with. */
    public String ownersOf() {
        return prefix + ".aggregator.";
    }

    private static String check(String what, String value) {
        if (!FORM.matcher(value).matches()) {
            throw new WireException(what + " \"" + Json.shorten(value) + "\" does not match " + FORM.pattern());
        }
        return value;
    }
}
