package io.fanfold.testkit;

import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.ResourceType;

/** What a broker was asked to do, and what it thought of it. */
public record Asked(String user, AclOperation operation, ResourceType type, String name, boolean allowed) {}
