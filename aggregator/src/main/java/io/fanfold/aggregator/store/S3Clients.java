package io.fanfold.aggregator.store;

import io.fanfold.protocol.FanfoldException;
import java.time.Duration;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.AwsProfileRegionProvider;
import software.amazon.awssdk.regions.providers.AwsRegionProviderChain;
import software.amazon.awssdk.regions.providers.SystemSettingsRegionProvider;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.model.NoSuchBucketException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** How a bucket is reached, and what to do where it is not. */
final class S3Clients {
    private static final int FORBIDDEN = 403;
    private static final int MOVED = 301;

    private S3Clients() {}

    /** A client; region and credentials are found as the AWS SDK finds them. */
    static S3Client client(StoreAddress.S3 address) {
        S3ClientBuilder builder = S3Client.builder()
                .httpClientBuilder(ApacheHttpClient.builder().connectionTimeout(Duration.ofSeconds(10)));
        address.endpoint()
                .ifPresent(endpoint -> builder.endpointOverride(endpoint)
                        .forcePathStyle(true)
                        .region(regionOfOthers())
                        .requestChecksumCalculation(
                                RequestChecksumCalculation.WHEN_REQUIRED) // not every service knows them
                        .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED));
        try {
            return builder.build();
        } catch (SdkException e) {
            throw unusable(address, e);
        }
    }

    /** Services other than Amazon's mostly have one region and take any word for it. */
    private static Region regionOfOthers() {
        try {
            return new AwsRegionProviderChain(new SystemSettingsRegionProvider(), new AwsProfileRegionProvider())
                    .getRegion();
        } catch (SdkClientException e) {
            return Region.US_EAST_1;
        }
    }

    static boolean noBucket(S3Exception e) {
        return e instanceof NoSuchBucketException
                || "NoSuchBucket".equals(e.awsErrorDetails().errorCode());
    }

    static FanfoldException unusable(StoreAddress.S3 address, SdkException e) {
        return new FanfoldException(
                "the store " + address + " cannot be used (" + e.getMessage() + "): " + remedy(address, e), e);
    }

    private static String remedy(StoreAddress.S3 address, SdkException e) {
        if (!(e instanceof S3Exception answer)) {
            return "give region and credentials as for the AWS command line (AWS_REGION, AWS_ACCESS_KEY_ID,"
                + " AWS_SECRET_ACCESS_KEY, a profile or a role), and the address of a service other than Amazon's with"
                + " --s3-endpoint";
        }
        if (noBucket(answer)) {
            return "make the bucket " + address.bucket() + ", or name another (--store)";
        }
        return switch (answer.statusCode()) {
            case MOVED -> "set AWS_REGION to the bucket's region";
            case FORBIDDEN ->
                "the credentials must be right and allow s3:ListBucket of the bucket, and s3:GetObject, s3:PutObject,"
                        + " s3:DeleteObject and s3:AbortMultipartUpload of its objects";
            default -> "see what the service says";
        };
    }
}
