package io.fanfold.producer.web;

import io.micronaut.core.annotation.Introspected;
import java.util.List;

/** Jobs, the newest first. */
@Introspected
record JobList(List<JobView> jobs) {}
