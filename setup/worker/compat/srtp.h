// The worker is written for the API of libsrtp 3; the distributions have libsrtp 2. This header is what the
// worker includes as <srtp.h>: it takes in libsrtp 2's own header and adds the calls of libsrtp 3 that the
// worker makes, as C++ overloads beside libsrtp 2's C functions.
//
// What changed between the two and is bridged here:
//   - srtp_policy_t became an opaque pointer with setters; it was a plain struct.
//   - protect and unprotect take an input and an output buffer with size_t lengths; they worked in place
//     on one buffer with an int length.
//   - srtp_remove_stream is called srtp_stream_remove.
//   - two error codes were added after the last one of libsrtp 2.

#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <new>

// libsrtp 2's struct must not carry the name under which the worker knows libsrtp 3's pointer. It has C
// linkage only in functions, whose symbols do not contain the names of their parameters' types.
#define srtp_policy_t srtp2_policy_t
#include <libsrtp2/include/srtp.h>
#undef srtp_policy_t

// Both values lie within the enumeration's range of five bits, so the casts are well defined.
static_assert(srtp_err_status_pkt_idx_adv == 27, "libsrtp 2's error codes are not the ones this was written for");
inline constexpr srtp_err_status_t srtp_err_status_buffer_small = static_cast<srtp_err_status_t>(28);
inline constexpr srtp_err_status_t srtp_err_status_cryptex_err  = static_cast<srtp_err_status_t>(29);

struct roomrush_srtp_policy
{
	srtp2_policy_t v2{};
	// libsrtp 2 keeps a pointer to key and salt, in one piece, until srtp_create() has copied them.
	unsigned char key[SRTP_MAX_KEY_LEN]{};
};

using srtp_policy_t = roomrush_srtp_policy*;

inline srtp_err_status_t srtp_policy_create(srtp_policy_t* policy)
{
	*policy = new (std::nothrow) roomrush_srtp_policy();

	return *policy ? srtp_err_status_ok : srtp_err_status_alloc_fail;
}

inline void srtp_policy_destroy(srtp_policy_t policy)
{
	delete policy;
}

inline srtp_err_status_t srtp_policy_set_ssrc(srtp_policy_t policy, srtp_ssrc_t ssrc)
{
	policy->v2.ssrc = ssrc;

	return srtp_err_status_ok;
}

inline srtp_err_status_t srtp_policy_set_profile(srtp_policy_t policy, srtp_profile_t profile)
{
	const srtp_err_status_t err =
	  srtp_crypto_policy_set_from_profile_for_rtp(&policy->v2.rtp, profile);

	if (err != srtp_err_status_ok)
	{
		return err;
	}

	// RTCP always carries the 80-bit tag, with the 32-bit profile too (RFC 5764, 4.1.2). This call knows it.
	return srtp_crypto_policy_set_from_profile_for_rtcp(&policy->v2.rtcp, profile);
}

inline srtp_err_status_t srtp_policy_add_key(
  srtp_policy_t policy,
  const uint8_t* key,
  size_t keyLen,
  const uint8_t* salt,
  size_t saltLen,
  const uint8_t* mki,
  size_t mkiLen)
{
	// The worker uses no master key identifiers and one key a policy; anything else is refused, not guessed.
	if (mki || mkiLen != 0 || policy->v2.key)
	{
		return srtp_err_status_bad_param;
	}

	if (keyLen > sizeof(policy->key) || saltLen > sizeof(policy->key) - keyLen)
	{
		return srtp_err_status_bad_param;
	}

	std::memcpy(policy->key, key, keyLen);
	std::memcpy(policy->key + keyLen, salt, saltLen);
	policy->v2.key = policy->key;

	return srtp_err_status_ok;
}

inline srtp_err_status_t srtp_policy_set_allow_repeat_tx(srtp_policy_t policy, bool allow)
{
	policy->v2.allow_repeat_tx = allow ? 1 : 0;

	return srtp_err_status_ok;
}

inline srtp_err_status_t srtp_policy_set_window_size(srtp_policy_t policy, size_t windowSize)
{
	policy->v2.window_size = windowSize;

	return srtp_err_status_ok;
}

inline srtp_err_status_t srtp_create(srtp_t* session, srtp_policy_t policy)
{
	return srtp_create(session, &policy->v2);
}

inline srtp_err_status_t srtp_stream_remove(srtp_t session, uint32_t ssrcNetworkOrder)
{
	return srtp_remove_stream(session, ssrcNetworkOrder);
}

/**
 * Runs one of libsrtp 2's in-place calls from one buffer into another. `growth` is the largest number of
 * bytes that the call may add; memmove because the worker decrypts with the same buffer on both sides.
 */
template<class InPlaceCall>
inline srtp_err_status_t roomrush_srtp_between_buffers(
  const uint8_t* in, size_t inLen, uint8_t* out, size_t* outLen, size_t growth, InPlaceCall call)
{
	if (inLen > static_cast<size_t>(std::numeric_limits<int>::max()) - growth)
	{
		return srtp_err_status_bad_param;
	}

	if (*outLen < inLen + growth)
	{
		return srtp_err_status_buffer_small;
	}

	if (out != in)
	{
		std::memmove(out, in, inLen);
	}

	int len                     = static_cast<int>(inLen);
	const srtp_err_status_t err = call(out, &len);

	if (err == srtp_err_status_ok)
	{
		*outLen = static_cast<size_t>(len);
	}

	return err;
}

inline srtp_err_status_t srtp_protect(
  srtp_t session, const uint8_t* rtp, size_t rtpLen, uint8_t* srtp, size_t* srtpLen, size_t /*mkiIndex*/)
{
	return roomrush_srtp_between_buffers(
	  rtp,
	  rtpLen,
	  srtp,
	  srtpLen,
	  SRTP_MAX_TRAILER_LEN,
	  [session](void* buffer, int* len) { return srtp_protect(session, buffer, len); });
}

inline srtp_err_status_t srtp_protect_rtcp(
  srtp_t session, const uint8_t* rtcp, size_t rtcpLen, uint8_t* srtcp, size_t* srtcpLen, size_t /*mkiIndex*/)
{
	// SRTCP adds its index, four bytes, before the trailer.
	return roomrush_srtp_between_buffers(
	  rtcp,
	  rtcpLen,
	  srtcp,
	  srtcpLen,
	  SRTP_MAX_TRAILER_LEN + sizeof(uint32_t),
	  [session](void* buffer, int* len) { return srtp_protect_rtcp(session, buffer, len); });
}

inline srtp_err_status_t srtp_unprotect(
  srtp_t session, const uint8_t* srtp, size_t srtpLen, uint8_t* rtp, size_t* rtpLen)
{
	return roomrush_srtp_between_buffers(
	  srtp,
	  srtpLen,
	  rtp,
	  rtpLen,
	  0,
	  [session](void* buffer, int* len) { return srtp_unprotect(session, buffer, len); });
}

inline srtp_err_status_t srtp_unprotect_rtcp(
  srtp_t session, const uint8_t* srtcp, size_t srtcpLen, uint8_t* rtcp, size_t* rtcpLen)
{
	return roomrush_srtp_between_buffers(
	  srtcp,
	  srtcpLen,
	  rtcp,
	  rtcpLen,
	  0,
	  [session](void* buffer, int* len) { return srtp_unprotect_rtcp(session, buffer, len); });
}
