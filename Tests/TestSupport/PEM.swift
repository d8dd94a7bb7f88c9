/// Keys made with openssl for these tests alone. Those of RSA with 2048 bits are one key in all its spellings; the passphrase is "secret".
public enum PEM {
    public static let pkcs1Private = """
        -----BEGIN RSA PRIVATE KEY-----
        MIIEpQIBAAKCAQEArVYItciXVIl1+hPe71V4HEAPn9RGqmncsSEFGUerlsEwUAgk
        RDf8N7q2IMvi9koDRhjttIvw9CHHYLoZbB3RFhF2yeLljDNjZtV/RHbrUEV1gnJh
        0VcEU4fyn9ECBPKnjdy9tkaMvErk4NCMp4HhwwCPeRzmmSU1AdXdu7g7LpJjOuSp
        nPjCzt6Jhwh0SlwDCQDcPj+3mDxojfiyhgWjY7zlnqUe0y9M2MgVW1N7zU0gRCNG
        PDTb2HcGFF9t3fF/gDAC+hvv8cadbizXQLoIhbVyGWfjcFSebVIO4G1ptIpohFaR
        y3WcyeIDNotYo2LM+1qZCstTilpaZex5DcEeTwIDAQABAoIBADFCWGJUuZDYKbNi
        b0IDv4kDuYz51gU65XFfCWRoRj6m8zRjQ+8xG9e4k2aZmovUd761eeQLuvOeH9uA
        t5XOmWtUljYEaaigt/hy5uKNiwz6WE00dVD5Ei0s3soFKzY9wVki6LUCsp8WB5pO
        GhLGaeKxZ5SLHotaFAjL/uIIlqUClBwWi0VljBMw5IQJeAVS98t0dGwmIYEDJj4g
        Lcr72N2gxAAgpVVxTV0q/FTp/ElTFr3wxQ9DmnEr99vXHFAFGUM5IU8rq+m2isDZ
        jwFbrwK1y/sCQBSGyDH9XshBjy0Hdp6IfJCIcrWs+75Wkxxz0Pn8wA8zBkBJq/C9
        0rPTiGECgYEA3PKCJwxOsiPxxQV0xIKDTByFevKbaArTtZaypmxTPoW2JnIOf4CF
        xpgwf4A2TL0CuTspKmcfyhCIB1QTYTX8QTgdpUuBh4PwrfCCslF1EcUyaPQZz8pR
        aybjUgioYKlI2QLMupTsbIR+M0eQSXKk0iQU1GhYIeD0VQ9wQEKVYqECgYEAyNXb
        R0oFzUckHEAfL/ApaWo1BPWyyhOKbTfieGXLxRzK6Vwt+QfWbRzNJOJmy1K+gid6
        TDco731N9FBwHXb/kauI0qMQcB8DgHNfOG79Cw/r2uNyqmWKueuy3ptFkaMUCnVE
        7xhkZxe2JBsEMZ1/BvXKeoqBI6on07KfnCgXyu8CgYEAyIwecw8Kx0s1Ah5HtK66
        OnWQ+t4HDVL2g1a75a9hh9iaUx8n5bdktbQiITjhEJpnRHZckS51flWvAuffh1cX
        FqO21PhKJBUwetFZ8D1bw7t4XCdk3mTHrjjoEOfm3YYKp1+RMLJIPt+sJSOJ5gD3
        df5mIb5scKPdYu/WdZ16NsECgYEAu9FLnTK7lEsImSbaQ7GceMnrRXUlO9fkZ9mQ
        gLnqQ692j6A2GiNbQ3Vg4DKeoV0DbqLOu4IGVVng0i97egK0ZR1++kWm9MP8OV8r
        2JHrMTI1huGYdYQ6pT6oa4fYGqfg8RrUWal9E/BX1RIy7Nd2WSL5tXnb5WeWkWMF
        4zqXbZ8CgYEAwDMGOYDp9isKSyNG5FCTEdDGF19Rg4er4HVvTmiyhzwTshYbB3z5
        5MT11SyiG1irORlq7yBkk/6jIJYcSnsLAx/4dztiMjzjgO6latOHGPBsFytkFaVt
        ZL6gV9tWOu6eHrK7npwtcVhb0bwZ22HM1LzjQ8Pyy0/q8ys6G+HGrRw=
        -----END RSA PRIVATE KEY-----
        """

    public static let pkcs8Private = """
        -----BEGIN PRIVATE KEY-----
        MIIEvwIBADANBgkqhkiG9w0BAQEFAASCBKkwggSlAgEAAoIBAQCtVgi1yJdUiXX6
        E97vVXgcQA+f1EaqadyxIQUZR6uWwTBQCCREN/w3urYgy+L2SgNGGO20i/D0Icdg
        uhlsHdEWEXbJ4uWMM2Nm1X9EdutQRXWCcmHRVwRTh/Kf0QIE8qeN3L22Roy8SuTg
        0IyngeHDAI95HOaZJTUB1d27uDsukmM65Kmc+MLO3omHCHRKXAMJANw+P7eYPGiN
        +LKGBaNjvOWepR7TL0zYyBVbU3vNTSBEI0Y8NNvYdwYUX23d8X+AMAL6G+/xxp1u
        LNdAugiFtXIZZ+NwVJ5tUg7gbWm0imiEVpHLdZzJ4gM2i1ijYsz7WpkKy1OKWlpl
        7HkNwR5PAgMBAAECggEAMUJYYlS5kNgps2JvQgO/iQO5jPnWBTrlcV8JZGhGPqbz
        NGND7zEb17iTZpmai9R3vrV55Au6854f24C3lc6Za1SWNgRpqKC3+HLm4o2LDPpY
        TTR1UPkSLSzeygUrNj3BWSLotQKynxYHmk4aEsZp4rFnlIsei1oUCMv+4giWpQKU
        HBaLRWWMEzDkhAl4BVL3y3R0bCYhgQMmPiAtyvvY3aDEACClVXFNXSr8VOn8SVMW
        vfDFD0OacSv329ccUAUZQzkhTyur6baKwNmPAVuvArXL+wJAFIbIMf1eyEGPLQd2
        noh8kIhytaz7vlaTHHPQ+fzADzMGQEmr8L3Ss9OIYQKBgQDc8oInDE6yI/HFBXTE
        goNMHIV68ptoCtO1lrKmbFM+hbYmcg5/gIXGmDB/gDZMvQK5OykqZx/KEIgHVBNh
        NfxBOB2lS4GHg/Ct8IKyUXURxTJo9BnPylFrJuNSCKhgqUjZAsy6lOxshH4zR5BJ
        cqTSJBTUaFgh4PRVD3BAQpVioQKBgQDI1dtHSgXNRyQcQB8v8ClpajUE9bLKE4pt
        N+J4ZcvFHMrpXC35B9ZtHM0k4mbLUr6CJ3pMNyjvfU30UHAddv+Rq4jSoxBwHwOA
        c184bv0LD+va43KqZYq567Lem0WRoxQKdUTvGGRnF7YkGwQxnX8G9cp6ioEjqifT
        sp+cKBfK7wKBgQDIjB5zDwrHSzUCHke0rro6dZD63gcNUvaDVrvlr2GH2JpTHyfl
        t2S1tCIhOOEQmmdEdlyRLnV+Va8C59+HVxcWo7bU+EokFTB60VnwPVvDu3hcJ2Te
        ZMeuOOgQ5+bdhgqnX5Ewskg+36wlI4nmAPd1/mYhvmxwo91i79Z1nXo2wQKBgQC7
        0UudMruUSwiZJtpDsZx4yetFdSU71+Rn2ZCAuepDr3aPoDYaI1tDdWDgMp6hXQNu
        os67ggZVWeDSL3t6ArRlHX76Rab0w/w5XyvYkesxMjWG4Zh1hDqlPqhrh9gap+Dx
        GtRZqX0T8FfVEjLs13ZZIvm1edvlZ5aRYwXjOpdtnwKBgQDAMwY5gOn2KwpLI0bk
        UJMR0MYXX1GDh6vgdW9OaLKHPBOyFhsHfPnkxPXVLKIbWKs5GWrvIGST/qMglhxK
        ewsDH/h3O2IyPOOA7qVq04cY8GwXK2QVpW1kvqBX21Y67p4esruenC1xWFvRvBnb
        YczUvONDw/LLT+rzKzob4catHA==
        -----END PRIVATE KEY-----
        """

    public static let encryptedPKCS8 = """
        -----BEGIN ENCRYPTED PRIVATE KEY-----
        MIIFLTBXBgkqhkiG9w0BBQ0wSjApBgkqhkiG9w0BBQwwHAQIKCRCO7iGjzECAggA
        MAwGCCqGSIb3DQIJBQAwHQYJYIZIAWUDBAEqBBAgKy+CWi0Fgx5nnmMoCOGSBIIE
        0G2Xi1uOUWoE0++LeezpFTFv/nTaAXXHY6AMODQahlKcZG5q21qeUQgq6l/5AzWa
        U+JR7iK8cILEyEVy1Mx5WEWd7ROacK9BVNdD3tuptoZl11iJcMPyQX6PcLGZrkPW
        dbo0d7VQFefx772Ubf2BIaukaanWSVx9i3wE22Pkn/kX46c02tyYFDp1yA8Fj/Im
        ir5Wwpu7HzvzHprYvXG5m4urW6RNcTlUGNl+OyX6DBq+mrMls70qEV90sCiVRBS5
        e7pg4snC7d1pezNT9HLjh09KZSmBOF2F7LqbZ1Cnjt2oIrgX6U7VAwwj66VBLHsy
        IvG2Vpaa/ZVG+7gFS0rOeUWOLonFvuV7Si4GPjofv5MSIj6YA1RG1tTughF+mP7o
        D+EilnPQ1gXUG+K+j9IbyNqL8eLQveh5SvmYq4/LbPV3sF5ATtmQSsi0zfzSyzQt
        fo+MPo2FLJIaeo/oI3DvOjOms/t1CzpQVnZu82ArhQz48eQnjEJTua3n9S4a2xGY
        M1PIPQtv7QeDE89c+BkF0bV6vK1o5ssTryljLGaRIeWKnwMzUSI6e/HG9VvdtHjf
        7uIHmzkJpAGLtOAKuaqVrHpwTUpQxMRDcUt7lljbZrvZAYhMZ31rkcZJUxi1kUdD
        gUVFhTGGhJJ2MXV2WtncM1KReXD6M1bo/BEjrfDF7tzAfYf7Bs2Axn2cCBvALwGa
        2DPNvtKzFv8nCh123/gI6rphhND9njfkidM/GbdzC5os76hxrxK0ib12mSR1mKg6
        hqPGBdzxy9YIGfTAPXPKGTy4Xo6SgnVrG2Y4Zm5thpmneyxwnoOBYARM/1wSQ9Tv
        APYrAduOg2FXWRWzyQv77he71YPEkOlsj0FslplVt1ICj3obHZbwQPNcfff5sNvu
        GZ2BvKgTjZFbWs5JzCG11s4h2pNz1365ZsD6Z/b3o1xqZMkfrha7axmC7DUQajL1
        /fOaJBPbDHQiwyzxS7dEAnJWSf3n0h7SmC/UomJrE2ng7NeS0EKt8Asj1u/xJeni
        4edo5PnRiyPQZTZOAqYl5zFzYy/2Z0v3v7NvkjaUCHZahCBjQ8lWWbMObpLKfUii
        8bJkhvu0fuHVCAs85z/wiSW1xsEOZa2CrUEENu8zNGeIrvskhNWcF3iGxpmqyXEU
        YWKEpOjoB+1pvdbI9JeZF/qcAnFsvXio1xoSJncx81FO+ehEuVMfZV4z2qpAf7+O
        sGycah1itHFwuBZcN64w7EDocikA8R1VYGw8e/+OgRrWgQ+aUWJ6CZRe2dKeC/Eg
        f3/g6x6nKlcq+1TUaR+T+bYcIrGWLG/VWVJw93hirlvblFq2EW97Dk/AL7rcAAi3
        2ePrkrdoG9bj+03PQ6lKyo5jnHhx+7/USxaCA1pEdOId0rvyraAZx/tdM6Um+6/a
        NJ5q1RPCEEjvXteLCQyVXjfO5rolr2EYewNXMz0VRicSu8xX5MlADAEO64G3fs2H
        pJiUDJTnRJHWRInG+TOjZW6Leu++kzE+HLiasPycEzQxntdawKtjURzvwV/aIviZ
        VRGmZ9aV8bTIIMB+YUpyWA2PD+E/5KxBkH3+NatN8SidNcQpajoly/K4Mf0aYKzJ
        OeqHKa9fNdF2+k6U04pLgjWhB9DwYebZ4Hgfy2P9QFeu
        -----END ENCRYPTED PRIVATE KEY-----
        """

    public static let encryptedPKCS1 = """
        -----BEGIN RSA PRIVATE KEY-----
        Proc-Type: 4,ENCRYPTED
        DEK-Info: AES-128-CBC,1B802FEC489F797403B6C5C7A489CDB8

        DSj1Ntv40DppP1DCwJxyShG2JicWH6iN2Dl+3khfrTk42yHMBQ6WC02J/1YZgObJ
        VSlixzYYJ9UsGiVbteEphBJrWWYVHUaHcmz15y5g1x/WQkyyBoe81oEajI1eEcIe
        VQ3g9Vu4LJ39wDreGnNEOdJgU+tCjruvnFkitX7V0KeqGBHwJ+W7QJ0RPmA0DUJE
        DhepR20LnLIn6dfYJuq+oTAIKuGB0MKbomOwfkEadTzVEpShEzOpcKISDPsIOz3d
        6WVkuI1y2ccUTbK7q+dtcWwhvkw9ABeFPZQJQ0T4ixkyEgapCblX2wKTBC6e/GZR
        kOTC3o4uaqvKYE0ztJqnDCBNUQJsQ7Xc5F8upp/TZjcpr3n3mq14Ci8blwSEgvMp
        8EkyGnzXMpvngLtzCT4vXAXbhK41fB9u3Z3FrHLlpbX6Vg6wGmwgRchJ/HFR03uY
        /DCIMs9iankIn6ivwzmIVw+b6gBGM/7tgCAOGAXg+Rjdn9572xgijLy4BmnKQulj
        pzJxKt3T/XfnVEG14jl7m+7sGYZk9S9PmbYrBvTwYODycrHkZTJKb7s78JjXbfpW
        lwfPLYPuzQ3w2eMR40bKJQi7EdFEVkAGy/cbciUpgqTf1KmOdbQ8WuVneR8YKCLs
        EDYWXU/icbaRYVYBkcMwZ92kdpbXrIfFmhilnUPyUIrZrtIBWKKnruINvOBnMucM
        NXGBH1kTDMCZLjxts+sFSHUnqB7odaOrlDLfkVe+DV6lMQ3EQN5KJ2rNThtviUYz
        U1frSugjdeQmCQgMGvpAlxCzpgD6n283nCQ4N6mK6KwNqb7w0/EdHM63ZwOMCNbl
        5UccXeJEuwQZSm216ehTSvD49nlrci8uzOo/tJKtAuvMtsKK3dpDmL25cB5KAhkF
        jznvUZU/V8k2B+Va84t+L7eCLD2CTl4BLiomRd0AQSjamXtI45U6bqShgFd1aqB0
        Z0XzP8VLMvCKF0p6HJ3RAsx0v0jA9XggpFDC4M3OVkvee5uidGIc4bU9mqUtUM6i
        Ezjc//IjMT4dfLL6JG+075vH7C7OfrqAlYGFkllPcRb4El86t+buAcDiLA3z3jO4
        Tbb9GMkdeRmxCDT2cl3QSoH+w5lWd4OVj7YxxyB3+AiqkjH073kNT4BnRZBSCtsX
        pQZUjQl49H5TOWaL/fABFWkrn8dlD7r84JfeKC/YI9w6roZ7um/Ep+Kgfpk4ZzoK
        IfFR21iB3b4SZnV6vRx6nDuz7Ify+Jd3c4KSIbSR9XxPt6rgPq440vf6w9WK3w+S
        8zVPQmAqC0u61kb0LIgoUsDAzl94QQIIkVgNYFu3mgw8PCvHS0keKp1BvF3otE6U
        xOSisuByGqGBGoeB5+7BjmoTVesXLSeSRI4PaDRh19MIhYiEZfBpNn5OI10w+NJc
        TyXNuKrEsx43vfXeI8YRE4boRnIy3VXM8hfsYpgm5C03snnVZYZt8LFCb91OYAyJ
        LW/FsMes4ZMS1EviMarJ9i8+aavgaatzyMkpggS1OHf7iexpReRWJlmOUdTPAw0d
        DwZM7sFORBX5nTLGyuZ5uYPPP068/rT7SJGlz5pTtUPRYCUDQX4m0fxkMgbp3go8
        -----END RSA PRIVATE KEY-----
        """

    public static let pkix = """
        -----BEGIN PUBLIC KEY-----
        MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEArVYItciXVIl1+hPe71V4
        HEAPn9RGqmncsSEFGUerlsEwUAgkRDf8N7q2IMvi9koDRhjttIvw9CHHYLoZbB3R
        FhF2yeLljDNjZtV/RHbrUEV1gnJh0VcEU4fyn9ECBPKnjdy9tkaMvErk4NCMp4Hh
        wwCPeRzmmSU1AdXdu7g7LpJjOuSpnPjCzt6Jhwh0SlwDCQDcPj+3mDxojfiyhgWj
        Y7zlnqUe0y9M2MgVW1N7zU0gRCNGPDTb2HcGFF9t3fF/gDAC+hvv8cadbizXQLoI
        hbVyGWfjcFSebVIO4G1ptIpohFaRy3WcyeIDNotYo2LM+1qZCstTilpaZex5DcEe
        TwIDAQAB
        -----END PUBLIC KEY-----
        """

    public static let pkcs1Public = """
        -----BEGIN RSA PUBLIC KEY-----
        MIIBCgKCAQEArVYItciXVIl1+hPe71V4HEAPn9RGqmncsSEFGUerlsEwUAgkRDf8
        N7q2IMvi9koDRhjttIvw9CHHYLoZbB3RFhF2yeLljDNjZtV/RHbrUEV1gnJh0VcE
        U4fyn9ECBPKnjdy9tkaMvErk4NCMp4HhwwCPeRzmmSU1AdXdu7g7LpJjOuSpnPjC
        zt6Jhwh0SlwDCQDcPj+3mDxojfiyhgWjY7zlnqUe0y9M2MgVW1N7zU0gRCNGPDTb
        2HcGFF9t3fF/gDAC+hvv8cadbizXQLoIhbVyGWfjcFSebVIO4G1ptIpohFaRy3Wc
        yeIDNotYo2LM+1qZCstTilpaZex5DcEeTwIDAQAB
        -----END RSA PUBLIC KEY-----
        """

    public static let certificate = """
        -----BEGIN CERTIFICATE-----
        MIIDETCCAfmgAwIBAgIUIUGngGkJlC65hwYmOdG6iAWDa9IwDQYJKoZIhvcNAQEL
        BQAwFzEVMBMGA1UEAwwMbW9jay16aXRhZGVsMCAXDTI2MTEyMTEyMzMwM1oYDzIx
        MjYxMDI4MTIzMzAzWjAXMRUwEwYDVQQDDAxtb2NrLXppdGFkZWwwggEiMA0GCSqG
        SIb3DQEBAQUAA4IBDwAwggEKAoIBAQCtVgi1yJdUiXX6E97vVXgcQA+f1Eaqadyx
        IQUZR6uWwTBQCCREN/w3urYgy+L2SgNGGO20i/D0IcdguhlsHdEWEXbJ4uWMM2Nm
        1X9EdutQRXWCcmHRVwRTh/Kf0QIE8qeN3L22Roy8SuTg0IyngeHDAI95HOaZJTUB
        1d27uDsukmM65Kmc+MLO3omHCHRKXAMJANw+P7eYPGiN+LKGBaNjvOWepR7TL0zY
        yBVbU3vNTSBEI0Y8NNvYdwYUX23d8X+AMAL6G+/xxp1uLNdAugiFtXIZZ+NwVJ5t
        Ug7gbWm0imiEVpHLdZzJ4gM2i1ijYsz7WpkKy1OKWlpl7HkNwR5PAgMBAAGjUzBR
        MB0GA1UdDgQWBBSybWDUuLbI5KHXpwppTsVzRTWCZTAfBgNVHSMEGDAWgBSybWDU
        uLbI5KHXpwppTsVzRTWCZTAPBgNVHRMBAf8EBTADAQH/MA0GCSqGSIb3DQEBCwUA
        A4IBAQCsY8sZAKjYw7QLGE/bsBUgb2x11HF5dr24paUQZaxoD0SGDEqznhBXl80K
        gibiXyhjlexoF28EOdTyHUjPT45DmOD3QvVkUSTL1hq2WY+JN5NNMCV0WOu4FMRG
        iJpa6c+vijFfjHvXyia+jae/0td5boqZHC89j6ZlXp2EtllxZFZ75eAEdSILApA+
        TFDh2C3mekG4rKsA1rDvEroJT6lzHaD80JZBW5Y/8TB++VuPi9WVqpoX8E2X5fcy
        zQgOGRDReDMpQj/ZKv2MqzPf37nTo7GdvhrsLXK9ni90XKLYuGRVB7jGqFv9Orgm
        scgkej5f6HY8K4uNi4epK2LWJlTd
        -----END CERTIFICATE-----
        """

    public static let weakPublic = """
        -----BEGIN PUBLIC KEY-----
        MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQCkN2jwMVIHBTsxJA9IqzEcRMMa
        AdrSjhh6TbQdMyafKr5toIEvKMeX56Q90wpwe5YsoaloOonMJ7wXxYgYwD2yxLGC
        7NgIq/+TxBzd4alnm9bAKSeJ7eWKP8BBLhmV0J1TGUK5ZHpjyNVHIEvnZG2ywrgt
        kCgRwGIzG6+KweqcxQIDAQAB
        -----END PUBLIC KEY-----
        """

    public static let p384Public = """
        -----BEGIN PUBLIC KEY-----
        MHYwEAYHKoZIzj0CAQYFK4EEACIDYgAE8xzUhHOxVZL5vpJrGe8PZnYSm1XpOC+f
        MjHMrVEcqSdN9Hc7k10dwrVEfOuqQeU37LWaKjSMwkwICAXUSTAPa3lTHNM08seZ
        21u12E79Rzuh9WBkguEP7I8b7fnAd2fv
        -----END PUBLIC KEY-----
        """

    public static let ed25519Public = """
        -----BEGIN PUBLIC KEY-----
        MCowBQYDK2VwAyEALBKFB+ELYRBd3Dy9X++lI9/WobzuXM9hfswfQD31DgE=
        -----END PUBLIC KEY-----
        """

    public static let secp256k1Public = """
        -----BEGIN PUBLIC KEY-----
        MFYwEAYHKoZIzj0CAQYFK4EEAAoDQgAEREKcTEFy0B7/8IjP1n6ZSQ6LXTxtVTDr
        MC/izDyAhDSjE5RHT6wEKx0nGvMRS48vJsOkr1X0JFNMmTbxRU2aag==
        -----END PUBLIC KEY-----
        """

    /// A token whose HMAC has the text of `pkix`, with its last line end, as secret.
    public static let hmacWithPublicKey =
        "eyJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJhIn0.EU-00C-YyjmsvchrvAJBvGNN4vV4J0P3Wo-QlzLQrvw"
}
