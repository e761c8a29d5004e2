//! What proofs are made by, as far as a backend says it, and whether that is what was asked for.
//!
//! A runner proves on a GPU or it does not, and says so as a capability: nothing that it is asked can change it. So
//! what is asked for is compared with what there is, before anything is proved. How a GPU is found and used is the
//! runner's to know.

use assay_spec::{Capability, ProofDevice, RunnerDescription};

/// Which device is to make a proof.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Gpu {
    /// Whatever the backend has.
    #[default]
    Auto,
    /// A GPU, and nothing else.
    On,
    /// No GPU.
    Off,
}

/// Why a backend does not prove where it was asked to.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DeviceError {
    /// A GPU was asked for, and there is none.
    #[error("the runner of {backend} does not prove on a GPU: its proofs are made by the CPU")]
    NoGpu {
        /// The backend.
        backend: String,
    },
    /// No GPU was asked for, and the runner uses the one that it has.
    #[error("the runner of {backend} proves on a GPU, and cannot be told to leave it alone")]
    GpuAlways {
        /// The backend.
        backend: String,
    },
}

/// What a backend's proofs are made by; `None` if it makes none.
pub fn proof_device(backend: &RunnerDescription) -> Option<ProofDevice> {
    if backend.proof_kinds.is_empty() {
        return None;
    }
    let has_gpu = backend.capabilities.contains(&Capability::ProveGpu);
    Some(if has_gpu { ProofDevice::Gpu } else { ProofDevice::Cpu })
}

/// Whether a backend proves where it was asked to. One that proves nothing is not asked here.
pub fn check_device(backend: &RunnerDescription, asked: Gpu) -> Result<(), DeviceError> {
    let name = || backend.name.clone();
    match (asked, proof_device(backend)) {
        (Gpu::On, Some(ProofDevice::Cpu)) => Err(DeviceError::NoGpu { backend: name() }),
        (Gpu::Off, Some(ProofDevice::Gpu)) => Err(DeviceError::GpuAlways { backend: name() }),
        (Gpu::Auto | Gpu::On | Gpu::Off, _) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use assay_spec::{ProofKind, Security, description::GuestLimits};

    use super::*;

    fn backend(capabilities: &[Capability], kinds: &[&str]) -> RunnerDescription {
        let security = Security { secure: true, bits: None, basis: "a test".into(), parameters: [].into() };
        let kind = |name: &&str| ProofKind { name: (*name).into(), security: security.clone() };
        RunnerDescription {
            name: "zk".into(),
            sdk_version: "1".into(),
            platforms: Vec::new(),
            isa: "none".into(),
            capabilities: capabilities.to_vec(),
            proof_kinds: kinds.iter().map(kind).collect(),
            limits: GuestLimits::default(),
            notes: Vec::new(),
        }
    }

    #[test]
    fn a_device_is_what_the_backend_says_and_whoever_proves_nothing_has_none() {
        for (capabilities, kinds, device) in [
            (&[Capability::Prove][..], &["whole"][..], Some(ProofDevice::Cpu)),
            (&[Capability::Prove, Capability::ProveGpu], &["whole"], Some(ProofDevice::Gpu)),
            (&[Capability::ProveGpu], &[], None),
            (&[Capability::Execute], &[], None),
        ] {
            assert_eq!(proof_device(&backend(capabilities, kinds)), device, "{capabilities:?} {kinds:?}");
        }
    }

    #[test]
    fn what_is_asked_for_is_what_there_is_or_an_error_that_names_the_backend() {
        let cpu = backend(&[], &["whole"]);
        let gpu = backend(&[Capability::ProveGpu], &["whole"]);
        let name = || "zk".to_owned();
        for (backend, asked, found) in [
            (&cpu, Gpu::Auto, Ok(())),
            (&cpu, Gpu::Off, Ok(())),
            (&cpu, Gpu::On, Err(DeviceError::NoGpu { backend: name() })),
            (&gpu, Gpu::Auto, Ok(())),
            (&gpu, Gpu::On, Ok(())),
            (&gpu, Gpu::Off, Err(DeviceError::GpuAlways { backend: name() })),
        ] {
            assert_eq!(check_device(backend, asked), found, "{asked:?}");
        }
    }
}
