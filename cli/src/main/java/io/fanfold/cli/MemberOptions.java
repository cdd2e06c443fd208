package io.fanfold.cli;

import io.fanfold.protocol.wire.KafkaSettings;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What a role is told that shares its topic with others in a group. */
final class MemberOptions extends RoleOptions {
    @Option(
            names = "--group-protocol",
            paramLabel = "PROTOCOL",
            defaultValue = "${env:FANFOLD_GROUP_PROTOCOL:-" + Option.NULL_VALUE + "}",
            description = "How it joins its group: consumer (the default), or classic for brokers before Kafka 4"
                    + " (or FANFOLD_GROUP_PROTOCOL).")
    @Nullable
    String groupProtocol;

    @Override
    KafkaSettings kafka() throws IOException {
        return connection.settings(
                bootstrapServer, groupProtocol == null ? Map.of() : Map.of("group.protocol", groupProtocol));
    }
}
