package io.fanfold.producer.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.micronaut.core.annotation.Introspected;
import java.util.List;

/** Jobs, the newest first. */
@Introspected
@JsonInclude(JsonInclude.Include.ALWAYS)
record JobList(List<JobView> jobs) {}
