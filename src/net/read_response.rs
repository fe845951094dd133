//! Reading a response: its headers, and its body within the limits.

use std::io::{ErrorKind, Read};

use ureq::{
    Body,
    http::{Response as HttpResponse, response::Parts},
};

use super::{
    BudgetPermit, FetchError, FetchResponse, ResponseSink, content_coding::decode_body,
    http::RedirectChain, map_error::map_error, memory_budget::UNBUDGETED_BYTES,
    response_headers::read_headers,
};
use crate::text::url;

/// Size of the parts in which a body is handed on, in bytes.
const PART_BYTES: usize = 64 << 10;

impl RedirectChain<'_> {
    /// Reads a response with its body, up to the limit.
    pub(super) fn read_response(
        &self,
        response: HttpResponse<Body>,
    ) -> Result<FetchResponse, FetchError> {
        let (parts, body) = response.into_parts();
        let mut response = self.response_head(&parts);
        let codings = response.headers.content_encoding.clone().unwrap_or_default();
        if parts.status.is_success() {
            (response.body, response.permit) = self.read_body(body, &codings)?;
        } else {
            response.body = self.read_failure(body, &codings);
        }
        response.truncated = response.body.len() as u64 > self.limits.max_body_bytes;
        response.body.truncate(usize::try_from(self.limits.max_body_bytes).unwrap_or(usize::MAX));
        Ok(response)
    }

    /// Hands the body of a success to `sink`, as far as it is wanted and the limit allows.
    pub(super) fn hand_on(
        &self,
        response: HttpResponse<Body>,
        sink: &mut dyn ResponseSink,
    ) -> Result<FetchResponse, FetchError> {
        let (parts, body) = response.into_parts();
        let mut response = self.response_head(&parts);
        if !parts.status.is_success() || !sink.begin(&response) {
            return Ok(response);
        }
        let read_error =
            |error: std::io::Error| self.fetch_error(map_error(error.into(), self.limits));
        let encoded = body.into_with_config().limit(u64::MAX).reader();
        let mut reader: Box<dyn Read> = match &response.headers.content_encoding {
            // What is not declared is part of the file: an archive is kept as it is.
            None => Box::new(encoded),
            Some(codings) => Box::new(decode_body(encoded, codings).map_err(read_error)?),
        };
        let mut part = vec![0; PART_BYTES];
        let mut left = self.limits.max_body_bytes;
        loop {
            let len = match reader.read(&mut part) {
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                read => read.map_err(read_error)?,
            };
            response.truncated = len as u64 > left;
            if len == 0 || response.truncated || !sink.write(&part[..len]) {
                return Ok(response);
            }
            left -= len as u64;
        }
    }

    /// Returns a response without its body.
    fn response_head(&self, parts: &Parts) -> FetchResponse {
        FetchResponse {
            status: parts.status.as_u16(),
            url: url::without_user_info(&self.url).into_owned(),
            body: Vec::new(),
            truncated: false,
            headers: read_headers(&parts.headers),
            permit: None,
            moved_to: self.permanent_url.clone(),
            network: self.network,
        }
    }

    /// Reads the body of a failure, as far as the caller wants it; what cannot be read is left out, since
    /// the status tells of the failure.
    fn read_failure(&self, body: Body, codings: &str) -> Vec<u8> {
        let limit = self.limits.max_failure_bytes;
        if limit == 0 {
            return Vec::new();
        }
        let encoded = body.into_with_config().limit(u64::MAX).reader();
        let mut bytes = Vec::new();
        let read = decode_body(encoded, codings)
            .and_then(|reader| reader.take(limit).read_to_end(&mut bytes));
        if read.is_err() {
            bytes.clear();
        }
        bytes
    }

    /// Reads the decoded body, up to one byte beyond the limit. A body that is not small waits for
    /// memory of the budget.
    fn read_body(
        &self,
        body: Body,
        codings: &str,
    ) -> Result<(Vec<u8>, Option<BudgetPermit>), FetchError> {
        let limit = self.limits.max_body_bytes + 1;
        let read_error =
            |error: std::io::Error| self.fetch_error(map_error(error.into(), self.limits));
        let encoded = body.into_with_config().limit(u64::MAX).reader();
        let mut reader = decode_body(encoded, codings).map_err(read_error)?;
        let mut start = Vec::new();
        reader
            .by_ref()
            .take(UNBUDGETED_BYTES.min(limit))
            .read_to_end(&mut start)
            .map_err(read_error)?;
        let left = limit.saturating_sub(start.len() as u64);
        if (start.len() as u64) < UNBUDGETED_BYTES || left == 0 {
            return Ok((start, None));
        }
        let mut rest = reader.take(left);
        let Some(budget) = &self.limits.memory_budget else {
            rest.read_to_end(&mut start).map_err(read_error)?;
            return Ok((start, None));
        };
        // One buffer of the full size: growing by doubling would take twice as much.
        let max_bytes = usize::try_from(limit).unwrap_or(usize::MAX);
        let (permit, mut bytes) = budget.acquire(max_bytes);
        bytes.reserve_exact(max_bytes.saturating_sub(bytes.len()));
        bytes.append(&mut start);
        permit.read_to_end(rest, &mut bytes).map_err(read_error)?;
        Ok((bytes, Some(permit)))
    }
}
