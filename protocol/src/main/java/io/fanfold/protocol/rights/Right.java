package io.fanfold.protocol.rights;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/**
 * An operation on a resource of the brokers that has to be allowed.
 *
 * @param resource a topic, a group, a transactional id or the cluster; or all whose names begin alike
 * @param need what does not work without it
 */
public record Right(ResourcePattern resource, AclOperation operation, Need need) {
    /** What a right is there for. */
    public enum Need {
        /** Nothing works without it. */
        WORK,
        /** Without it nothing is deleted from the broker; all else works. */
        PURGE
    }

    static Right topic(String name, AclOperation operation) {
        return literal(ResourceType.TOPIC, name, operation, Need.WORK);
    }

    static Right literal(ResourceType type, String name, AclOperation operation, Need need) {
        return new Right(new ResourcePattern(type, name, PatternType.LITERAL), operation, need);
    }

    static Right prefixed(ResourceType type, String prefix, AclOperation operation, Need need) {
        return new Right(new ResourcePattern(type, prefix, PatternType.PREFIXED), operation, need);
    }

    /** Whether it is about a resource of this kind and name. */
    public boolean covers(ResourceType type, String name) {
        return resource.resourceType() == type
                && switch (resource.patternType()) {
                    case PREFIXED -> name.startsWith(resource.name());
                    default ->
                        resource.name().equals(name) || resource.name().equals(ResourcePattern.WILDCARD_RESOURCE);
                };
    }

    /** What it is about, such as {@code topic fanfold.jobs} or {@code all groups}. */
    public String subject() {
        String kind = resource.resourceType().name().toLowerCase(Locale.ROOT).replace('_', ' ');
        if (resource.resourceType() == ResourceType.CLUSTER) {
            return "the cluster";
        }
        if (resource.name().equals(ResourcePattern.WILDCARD_RESOURCE)) {
            return "all " + kind + "s";
        }
        return resource.patternType() == PatternType.PREFIXED
                ? kind + "s " + resource.name() + "*"
                : kind + " " + resource.name();
    }

    /** The options of {@code kafka-acls.sh} that name its resource. */
    public String option() {
        return switch (resource.resourceType()) {
            case CLUSTER -> "--cluster";
            case TOPIC -> "--topic " + quoted();
            case GROUP -> "--group " + quoted();
            default -> "--transactional-id " + quoted();
        };
    }

    private String quoted() {
        String name = resource.name().equals(ResourcePattern.WILDCARD_RESOURCE) ? "'*'" : resource.name();
        return resource.patternType() == PatternType.PREFIXED ? name + " --resource-pattern-type prefixed" : name;
    }

    /** As Kafka's tools write an operation: {@code DescribeConfigs}. */
    static String word(AclOperation operation) {
        return Arrays.stream(operation.name().split("_"))
                .map(part -> part.charAt(0) + part.substring(1).toLowerCase(Locale.ROOT))
                .collect(Collectors.joining());
    }

    /** Such as {@code WRITE on topic fanfold.jobs}. */
    @Override
    public String toString() {
        return operation + " on " + subject();
    }
}
