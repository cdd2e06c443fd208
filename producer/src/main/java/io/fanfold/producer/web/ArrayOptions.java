package io.fanfold.producer.web;

import io.swagger.v3.oas.annotations.Parameter;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The options of a request that brings an array, for its description. */
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.METHOD)
@Parameter(name = "pool", ref = "#/components/parameters/pool")
@Parameter(name = "param", ref = "#/components/parameters/param")
@Parameter(name = "strategy", ref = "#/components/parameters/strategy")
@Parameter(name = "fold", ref = "#/components/parameters/fold")
@Parameter(name = "errors", ref = "#/components/parameters/errors")
@Parameter(name = "error-budget", ref = "#/components/parameters/error-budget")
@Parameter(name = "axis", ref = "#/components/parameters/axis")
@Parameter(name = "chunks", ref = "#/components/parameters/chunks")
@Parameter(name = "chunk-bytes", ref = "#/components/parameters/chunk-bytes")
@Parameter(name = "time-to-live", ref = "#/components/parameters/time-to-live")
@Parameter(name = "chunk-timeout", ref = "#/components/parameters/chunk-timeout")
@Parameter(name = "codec", ref = "#/components/parameters/codec")
@Parameter(name = "dtype", ref = "#/components/parameters/dtype")
@Parameter(name = "delimiter", ref = "#/components/parameters/delimiter")
@Parameter(name = "skip-rows", ref = "#/components/parameters/skip-rows")
@interface ArrayOptions {}
