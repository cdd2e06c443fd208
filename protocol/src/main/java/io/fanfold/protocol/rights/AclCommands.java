package io.fanfold.protocol.rights;

import io.fanfold.protocol.wire.KafkaSettings;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.resource.ResourcePattern;

/** Rights as commands of Kafka's own tool, a line for each resource. */
public final class AclCommands {
    private static final Pattern USERNAME = Pattern.compile("\\busername\\s*=\\s*\"([^\"${}]+)\"");

    private AclCommands() {}

    /**
     * What grants these rights.
     *
     * @param principal such as {@code User:worker}
     */
    public static List<String> grant(String bootstrapServers, String principal, Collection<Right> rights) {
        Map<ResourcePattern, List<Right>> byResource = new LinkedHashMap<>();
        rights.forEach(right -> byResource
                .computeIfAbsent(right.resource(), _ -> new ArrayList<>())
                .add(right));
        return byResource.values().stream()
                .map(same -> command(bootstrapServers, principal, same))
                .toList();
    }

    private static String command(String bootstrapServers, String principal, List<Right> same) {
        StringBuilder command = new StringBuilder("kafka-acls.sh --bootstrap-server ")
                .append(bootstrapServers)
                .append(" --add --allow-principal ")
                .append(principal.matches("[A-Za-z0-9:._@-]+") ? principal : "'" + principal + "'");
        same.forEach(right -> command.append(" --operation ").append(Right.word(right.operation())));
        return command.append(' ').append(same.getFirst().option()).toString();
    }

    /** Whom the brokers see, as far as the client's settings tell it: {@code User:NAME} where they do not. */
    public static String principal(KafkaSettings kafka) {
        Matcher username = USERNAME.matcher(kafka.overrides().getOrDefault("sasl.jaas.config", ""));
        return username.find() ? "User:" + username.group(1) : "User:NAME";
    }
}
