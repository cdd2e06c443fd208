package io.fanfold.testkit;

import java.util.stream.Stream;

/** Which real broker a test runs on. */
public enum BrokerKind {
    /** A KRaft node in the test's own JVM: always there. */
    IN_JVM,
    /** The same node, whose groups are formed by the classic protocol. */
    IN_JVM_CLASSIC,
    /** Kafka's own image in a container: only where {@value #VARIABLE} is 1, and then it must work. */
    CONTAINER;

    /** The environment variable that asks for container tests. */
    public static final String VARIABLE = "FANFOLD_TEST_CONTAINERS";

    /** The kinds that tests run on here, for a {@code @MethodSource}. */
    public static Stream<BrokerKind> enabled() {
        return "1".equals(System.getenv(VARIABLE)) ? Stream.of(values()) : Stream.of(IN_JVM, IN_JVM_CLASSIC);
    }
}
